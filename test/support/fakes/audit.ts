/** An audit log over any store, with keys of its own. */
import { MemorySecretStore } from '../../../shared/adapters/memory/secret-store.ts';
import { uuidv7Source } from '../../../shared/adapters/runtime/uuidv7.ts';
import type { AuditStore } from '../../../shared/ports/audit-store.ts';
import type { SecretStore } from '../../../shared/ports/secret-store.ts';
import { AuditLog, type NewEvent } from '../../../shared/services/audit/audit-log.ts';
import { DenialTrail } from '../../../shared/services/audit/denial-trail.ts';
import {
  type Anchor,
  ChainVerifier,
  type Verification,
} from '../../../shared/services/audit/verify-chains.ts';
import { parseRing } from '../../../shared/services/secrets/key-ring.ts';
import { ManualClock } from './manual-clock.ts';
import { seededRandom } from './seeded-random.ts';

export const AUDIT_KEY = 'an audit key for tests, and for tests alone';

export const change = (fields: Partial<NewEvent> = {}): NewEvent => ({
  kind: 'change',
  action: 'POST /admin/keys',
  outcome: 'succeeded',
  actor: { key_id: 'admin', tenant_id: 'default', roles: ['operator'] },
  ...fields,
});

/** Each seed is another process. */
export const auditLog = (
  store: AuditStore,
  {
    clock = new ManualClock({ autoAdvance: true }),
    seed = 1,
    secrets = new MemorySecretStore({ 'audit-key': AUDIT_KEY }),
  } = {},
): AuditLog => {
  const random = seededRandom(seed);
  return new AuditLog({ store, secrets, clock, random, ids: uuidv7Source(clock, random) });
};

export const verify = (
  store: AuditStore,
  anchors: readonly Anchor[] = [],
  key = AUDIT_KEY,
): Promise<Verification> => new ChainVerifier(store, parseRing(key), anchors).verify();

/** What functions write to the log with. Chance of its own, so that what is drawn for a decision stays the same. */
export const auditing = (ground: {
  auditStore: AuditStore;
  secrets: SecretStore;
  clock: ManualClock;
}): { audit: AuditLog; denials: DenialTrail } => {
  const { auditStore: store, secrets, clock } = ground;
  const random = seededRandom(11);
  const audit = new AuditLog({ store, secrets, clock, random, ids: uuidv7Source(clock, random) });
  return { audit, denials: new DenialTrail({ log: audit, clock, random, waiting: () => undefined }) };
};
