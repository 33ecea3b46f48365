import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryKeyStore } from '../../../shared/adapters/memory/key-store.ts';
import { MemorySecretStore } from '../../../shared/adapters/memory/secret-store.ts';
import type { AppError } from '../../../shared/errors/app-error.ts';
import type { ApiKeyRecord, Principal, Role } from '../../../shared/model/tenant.ts';
import type { SecretStore } from '../../../shared/ports/secret-store.ts';
import { hashSecret, makeApiKey } from '../../../shared/services/api-keys.ts';
import { Authenticator, authorize } from '../../../shared/services/authenticate.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';
import { seededRandom } from '../../support/fakes/seeded-random.ts';

const PEPPER = 'pepper of this test';
const BOOTSTRAP = 'b'.repeat(40);

class BreakableKeys extends MemoryKeyStore {
  isAway = false;

  override async get(id: string): Promise<ApiKeyRecord | undefined> {
    if (this.isAway) throw new Error('the table is away');
    return super.get(id);
  }
}

const awaySecrets: SecretStore = {
  get: () => Promise.reject(new Error('the secret store is away')),
  refresh: () => Promise.reject(new Error('the secret store is away')),
  put: () => Promise.resolve(),
  delete: () => Promise.resolve(),
};

describe('Authenticator', () => {
  let clock: ManualClock;
  let keys: BreakableKeys;
  let authenticator: Authenticator;
  const random = seededRandom(3);

  const over = (secrets: SecretStore): Authenticator =>
    new Authenticator({ keys, secrets, clock, env: 'test' });

  beforeEach(() => {
    clock = new ManualClock();
    keys = new BreakableKeys();
    authenticator = over(new MemorySecretStore({ pepper: PEPPER, 'admin-key': BOOTSTRAP }));
  });

  const register = async (fields: Partial<ApiKeyRecord> = {}, env = 'test') => {
    const made = makeApiKey({ env, random });
    const record: ApiKeyRecord = {
      id: made.id,
      tenant_id: 'acme',
      roles: ['caller'],
      hash: hashSecret(made.secret, PEPPER),
      created_at: '2026-01-01T00:00:00.000Z',
      ...fields,
    };
    await keys.create(record);
    return made;
  };

  const refusalOf = async (presented: string | undefined, by = authenticator): Promise<AppError> =>
    by.authenticate(presented).then(
      () => expect.fail('it was let in'),
      (error: AppError) => error,
    );

  it('makes a principal of a known key', async () => {
    const { id, key } = await register({ roles: ['owner', 'developer'] });

    expect(await authenticator.authenticate(key)).toEqual({
      key_id: id,
      tenant_id: 'acme',
      home_tenant_id: 'acme',
      roles: ['owner', 'developer'],
    });
  });

  it.each([undefined, ''])('says how to send a key when there is none (%j)', async (presented) => {
    const refusal = await refusalOf(presented);

    expect(refusal).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer realm="atp-router"' },
    });
    expect(refusal.detail).toContain('x-api-key');
  });

  it('refuses a malformed, an unknown, a foreign and a falsified key in the same words', async () => {
    const known = await register();
    const elsewhere = await register({}, 'prod');
    const unknown = makeApiKey({ env: 'test', random }).key;
    const falsified = await register({ hash: hashSecret('another secret', PEPPER) });

    const refusals = await Promise.all(
      ['sk-nonsense', `${known.key}x`, unknown, elsewhere.key, falsified.key].map((key) => refusalOf(key)),
    );

    expect(new Set(refusals.map(({ detail }) => detail)).size).toBe(1);
    expect(refusals.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
    expect(new Set(refusals.map(({ headers }) => headers['www-authenticate']))).toEqual(
      new Set(['Bearer realm="atp-router", error="invalid_token"']),
    );
  });

  it('refuses an expired key from that very moment on', async () => {
    const { key } = await register({ expires_at: new Date(clock.now() + 1_000).toISOString() });
    const before = await authenticator.authenticate(key);
    await clock.advance(1_000);

    expect(before.tenant_id).toBe('acme');
    expect((await refusalOf(key)).code).toBe('unauthenticated');
  });

  it('refuses a revoked key within 30 s', async () => {
    const { id, key } = await register();
    await authenticator.authenticate(key);
    await keys.delete(id);
    await clock.advance(25_001);

    expect((await refusalOf(key)).status).toBe(401);
  });

  it('asks the store once for a key in use', async () => {
    const { key } = await register();
    await authenticator.authenticate(key);
    keys.isAway = true;
    await clock.advance(10_000);

    expect((await authenticator.authenticate(key)).tenant_id).toBe('acme');
  });

  it('refuses other secrets under the id of a key that it let in before', async () => {
    const { id, key, secret } = await register();
    await authenticator.authenticate(key);
    const other = makeApiKey({ env: 'test', random });

    for (const forged of [
      key.replace(secret, other.secret),
      `${key.slice(0, -1)}~`,
      key.replace(id, other.id),
    ])
      expect((await refusalOf(forged)).status).toBe(401);
  });

  it('verifies a key anew against a record that has changed', async () => {
    const { id, key } = await register();
    await authenticator.authenticate(key);
    const record = await keys.get(id);
    await keys.delete(id);
    await keys.create({ ...(record as ApiKeyRecord), hash: hashSecret('another secret', PEPPER) });
    await clock.advance(25_001);

    expect((await refusalOf(key)).status).toBe(401);
  });

  it('lets the bootstrap key in as operator of the default tenant', async () => {
    expect(await authenticator.authenticate(`atp_test_admin_${BOOTSTRAP}`)).toEqual({
      key_id: 'admin',
      tenant_id: 'default',
      home_tenant_id: 'default',
      roles: ['operator'],
    });
  });

  it.each([
    ['another secret', `atp_test_admin_${'c'.repeat(40)}`],
    ['another environment', `atp_prod_admin_${BOOTSTRAP}`],
  ])('refuses a bootstrap key with %s', async (_name, key) => {
    expect((await refusalOf(key)).status).toBe(401);
  });

  it('refuses every bootstrap key where there is none', async () => {
    const refusal = await refusalOf(`atp_test_admin_${BOOTSTRAP}`, over(new MemorySecretStore()));

    expect(refusal.status).toBe(401);
  });

  it('answers 503 while the key table is away', async () => {
    const { key } = await register();
    keys.isAway = true;

    expect(await refusalOf(key)).toMatchObject({ status: 503, code: 'unavailable' });
  });

  it('answers 503 while the secret store is away, to tenant and bootstrap keys alike', async () => {
    const { key } = await register();

    const refusals = await Promise.all(
      [key, `atp_test_admin_${BOOTSTRAP}`].map((presented) => refusalOf(presented, over(awaySecrets))),
    );

    expect(refusals.map(({ status }) => status)).toEqual([503, 503]);
  });

  it('answers 503 where the pepper is missing', async () => {
    const { key } = await register();

    expect((await refusalOf(key, over(new MemorySecretStore()))).status).toBe(503);
  });
});

describe('authorize', () => {
  const principal = (...roles: Role[]): Principal => ({
    key_id: 'k',
    tenant_id: 'acme',
    home_tenant_id: 'acme',
    roles,
  });

  it.each([undefined, 'acme'])('leaves a key to its own tenant (named: %s)', (named) => {
    expect(authorize(principal('caller'), ['caller'], named).tenant_id).toBe('acme');
  });

  it('refuses a role that the route does not list', () => {
    expect(() => authorize(principal('caller', 'auditor'), ['operator'], undefined)).toThrow(
      expect.objectContaining({ code: 'forbidden' }),
    );
  });

  it('refuses another tenant to everybody but an operator', () => {
    expect(() => authorize(principal('owner'), ['owner'], 'globex')).toThrow(
      expect.objectContaining({ status: 403 }),
    );
  });

  it('lets an operator act for the tenant it names', () => {
    expect(authorize(principal('operator'), ['operator'], 'globex')).toMatchObject({
      tenant_id: 'globex',
      home_tenant_id: 'acme',
    });
  });

  it.each(['', 'a b', '../x', 'x'.repeat(129)])(
    'names the header when the tenant is impossible: %j',
    (named) => {
      expect(() => authorize(principal('operator'), ['operator'], named)).toThrow(
        expect.objectContaining({ errors: [expect.objectContaining({ path: '/headers/x-tenant-id' })] }),
      );
    },
  );
});
