/** The audit log of a data directory begins with its first start, so that an empty one is never as it should be. */
import type { NewEvent } from '../../shared/services/audit/audit-log.ts';

export const STARTED: NewEvent = { kind: 'system', action: 'start runtime', outcome: 'succeeded' };
