/** The keys of a data directory: made at random at its first start, kept with its other secrets. */
import type { Role } from '../../shared/model/tenant.ts';
import type { KeyStore } from '../../shared/ports/key-store.ts';
import type { Clock, Random } from '../../shared/ports/runtime.ts';
import { makeApiKey, parseApiKey } from '../../shared/services/api-keys.ts';
import { AUDIT_SECRET } from '../../shared/services/audit/audit-key.ts';
import { DEFAULT_TENANT } from '../../shared/services/authenticate.ts';
import { PEPPER_SECRET, Pepper } from '../../shared/services/pepper.ts';
import { REPLY_SECRET, SOCKET_SECRET } from '../../shared/services/sealer.ts';
import { SECRETS_PREFIX, STAGE } from '../environment.ts';

export interface SecretValues {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
}

export interface LocalKeys {
  adminKey: string;
  tenantId: string;
  tenantKey: string;
}

export interface SeedKeysDeps {
  secrets: SecretValues;
  keys: KeyStore;
  random: Random;
  clock: Clock;
}

const SECRET_BYTES = 32;

const nameOf = (name: string): string => `${SECRETS_PREFIX}/${name}`;

const ensureSecret = ({ secrets, random }: SeedKeysDeps, name: string): string => {
  const known = secrets.get(nameOf(name));
  if (known !== undefined) return known;
  const secret = Buffer.from(random.bytes(SECRET_BYTES)).toString('hex');
  secrets.set(nameOf(name), secret);
  return secret;
};

/** Its record is made again where the store lost it, so that the key which was shown goes on working. */
const ensureKey = async (
  deps: SeedKeysDeps,
  pepper: Pepper,
  name: string,
  roles: Role[],
): Promise<string> => {
  const known = deps.secrets.get(nameOf(name));
  const key = known ?? makeApiKey({ env: STAGE, random: deps.random }).key;
  if (known === undefined) deps.secrets.set(nameOf(name), key);
  const parts = parseApiKey(key);
  if (parts === undefined) throw new Error('a kept key is damaged');
  if ((await deps.keys.get(parts.id)) === undefined) {
    await deps.keys.create({
      id: parts.id,
      tenant_id: DEFAULT_TENANT,
      roles,
      name,
      ...(await pepper.hash(parts.secret)),
      created_at: new Date(deps.clock.now()).toISOString(),
    });
  }
  return key;
};

export const seedKeys = async (deps: SeedKeysDeps): Promise<LocalKeys> => {
  ensureSecret(deps, PEPPER_SECRET);
  ensureSecret(deps, AUDIT_SECRET);
  ensureSecret(deps, SOCKET_SECRET);
  ensureSecret(deps, REPLY_SECRET);
  const pepper = new Pepper({ get: async (name) => deps.secrets.get(nameOf(name)) });
  return {
    adminKey: await ensureKey(deps, pepper, 'local-admin-key', ['operator']),
    tenantId: DEFAULT_TENANT,
    tenantKey: await ensureKey(deps, pepper, 'local-tenant-key', ['owner']),
  };
};
