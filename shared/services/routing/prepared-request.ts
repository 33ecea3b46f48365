import type { ConfigSnapshot } from '../../model/policy.ts';
import type { Context } from './context.ts';
import type { Prepared } from './predict.ts';

/** A request whose candidates are known, as they stood in one copy of the configuration. */
export interface PreparedRequest extends Prepared {
  snapshot: ConfigSnapshot;
  context: Context;
}
