/** What writes to the audit log, put together; loaded when something is to be written. */
import { DynamoAuditStore } from '../adapters/dynamodb/audit-store.ts';
import type { DynamoClient } from '../adapters/dynamodb/wire.ts';
import type { Clock, IdSource, Random } from '../ports/runtime.ts';
import type { SecretStore } from '../ports/secret-store.ts';
import { AuditLog } from '../services/audit/audit-log.ts';
import { DenialTrail, type Denials } from '../services/audit/denial-trail.ts';

export interface AuditTrailDeps {
  dynamo: DynamoClient;
  /** The Audit table's name. */
  auditTable: string;
  secrets: SecretStore;
  clock: Clock;
  random: Random;
  ids: IdSource;
}

export const composeAuditLog = (deps: AuditTrailDeps): AuditLog =>
  new AuditLog({ ...deps, store: new DynamoAuditStore(deps.dynamo, deps.auditTable, () => deps.clock.now()) });

export const composeDenialTrail = (deps: AuditTrailDeps, waiting: (count: number) => void): Denials =>
  new DenialTrail({ ...deps, log: composeAuditLog(deps), waiting });
