import type { ConfigSnapshot, Policy } from '../../model/policy.ts';
import type { FeatureInput } from '../features/extract-features.ts';
import type { Context } from './context.ts';
import type { Prepared } from './predict.ts';

/** Who may answer: any model of a policy, or the one that the caller names. */
export interface Target {
  policy: Policy;
  only?: string;
}

/** Who may answer, and what may be known of the request: its description, redacted. */
export interface RequestContext {
  target: Target;
  described: FeatureInput;
}

/** A request whose candidates are known, as they stood in one copy of the configuration. */
export interface PreparedRequest extends Prepared {
  snapshot: ConfigSnapshot;
  context: Context;
}
