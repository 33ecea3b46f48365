import type { ConfigSnapshot, Policy } from '../../model/policy.ts';
import type { FeatureInput } from '../features/extract-features.ts';
import type { Context } from './context.ts';
import type { Prepared } from './predict.ts';

/** Who asks and what may be known of it: the policy that routes, and the request's description, redacted. */
export interface RequestContext {
  policy: Policy;
  described: FeatureInput;
}

/** A request whose candidates are known, as they stood in one copy of the configuration. */
export interface PreparedRequest extends Prepared {
  snapshot: ConfigSnapshot;
  context: Context;
}
