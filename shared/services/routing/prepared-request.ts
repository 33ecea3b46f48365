import type { ConfigSnapshot } from '../../model/policy.ts';
import type { FeatureInput } from '../features/extract-features.ts';
import type { Prepared } from './predict.ts';

/** A request whose candidates are known, as they stood in one copy of the configuration. */
export interface PreparedRequest extends Prepared {
  snapshot: ConfigSnapshot;
  /** Redacted: strategies may go by it. */
  described: FeatureInput;
}
