/** What writes to the audit log, put together; loaded when something is to be written. */
import { DynamoAuditStore } from '../adapters/dynamodb/audit-store.ts';
import type { DynamoClient } from '../adapters/dynamodb/wire.ts';
import type { Clock, IdSource, Random } from '../ports/runtime.ts';
import { AuditLog } from '../services/audit/audit-log.ts';
import { type Denials, DenialTrail } from '../services/audit/denial-trail.ts';
import type { RingSource } from '../services/secrets/ring-reader.ts';

export interface AuditTrailDeps {
  dynamo: DynamoClient;
  /** The Audit table's name. */
  auditTable: string;
  secrets: RingSource;
  clock: Clock;
  random: Random;
  ids: IdSource;
}

export const composeAuditLog = (deps: AuditTrailDeps): AuditLog =>
  new AuditLog({
    ...deps,
    store: new DynamoAuditStore(deps.dynamo, deps.auditTable, () => deps.clock.now()),
  });

export const composeDenialTrail = (deps: AuditTrailDeps, waiting: (count: number) => void): Denials =>
  new DenialTrail({ ...deps, log: composeAuditLog(deps), waiting });
