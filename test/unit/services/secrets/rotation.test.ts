import { inspect } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeHandler } from '../../../../functions/rotate-secret/handler.ts';
import { MemoryKeyStore } from '../../../../shared/adapters/memory/key-store.ts';
import { MemoryRotatingSecrets } from '../../../../shared/adapters/memory/rotating-secrets.ts';
import { MemorySecretStore } from '../../../../shared/adapters/memory/secret-store.ts';
import { makeApiKey } from '../../../../shared/services/api-keys.ts';
import { Authenticator } from '../../../../shared/services/authenticate.ts';
import { Pepper } from '../../../../shared/services/pepper.ts';
import { REPLY_SECRET, Sealer } from '../../../../shared/services/sealer.ts';
import { accepted, formatRing, parseRing } from '../../../../shared/services/secrets/key-ring.ts';
import { OWN_SECRET_NAMES } from '../../../../shared/services/secrets/own-secrets.ts';
import { ROTATION_STEPS, Rotation } from '../../../../shared/services/secrets/rotation.ts';
import { ManualClock } from '../../../support/fakes/manual-clock.ts';
import { seededRandom } from '../../../support/fakes/seeded-random.ts';

const HOUR_MS = 3_600_000;
const FIRST = 'the-first-version-as-it-was-generated-with-the-stage';
const ARN = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:atp/test/pepper-a1B2c3';

describe('rotation', () => {
  let clock: ManualClock;
  let store: MemoryRotatingSecrets;
  let keys: MemoryKeyStore;
  let rotate: (step: string, name: string, token: string) => Promise<void>;
  const done: string[] = [];
  const rotated: string[] = [];

  beforeEach(() => {
    clock = new ManualClock();
    store = new MemoryRotatingSecrets();
    keys = new MemoryKeyStore();
    for (const name of OWN_SECRET_NAMES) store.set(`atp/test/${name}`, 'v1', FIRST);
    const rotation = new Rotation({
      secrets: store,
      keys,
      random: seededRandom(),
      clock,
      prefix: 'atp/test',
      rotated: async (name) => void rotated.push(name),
    });
    const handler = makeHandler({
      rotate: (request) => rotation.take(request),
      done: (step) => done.push(step),
    });
    rotate = (Step, name, ClientRequestToken) =>
      handler({ Step, SecretId: name.startsWith('arn:') ? name : `atp/test/${name}`, ClientRequestToken });
  });

  const current = async (name: string): Promise<string> =>
    (await store.read(`atp/test/${name}`, { stage: 'AWSCURRENT' })) ?? '';
  const rotateWhole = async (name: string, token: string): Promise<void> => {
    for (const step of ROTATION_STEPS) await rotate(step, name, token);
  };
  const readers = async (name: string): Promise<MemorySecretStore> =>
    new MemorySecretStore({ [name]: await current(name) });

  it.each(OWN_SECRET_NAMES)(
    '%s: a new version takes the place of the former, which is still accepted',
    async (name) => {
      rotated.length = 0;
      await rotateWhole(name, 'v2');
      await rotateWhole(name, 'v2');
      expect(rotated).toEqual([name]);

      const ring = parseRing(await current(name));
      expect(ring.current.version).toBe('2');
      expect(ring.current.secret).toMatch(/^[A-Za-z0-9]{64}$/);
      expect(accepted(ring, clock.now()).map(({ secret }) => secret)).toEqual([ring.current.secret, FIRST]);
      expect((await store.stages(`atp/test/${name}`)).get('v1')).toEqual(['AWSPREVIOUS']);
    },
  );

  it.each(OWN_SECRET_NAMES)('%s: each step may come again, also after the last one', async (name) => {
    const made: string[] = [];
    for (const step of ROTATION_STEPS) {
      await rotate(step, name, 'v2');
      await rotate(step, name, 'v2');
      made.push(await current(name));
    }
    await rotateWhole(name, 'v2');

    expect(made.slice(0, 3)).toEqual([FIRST, FIRST, FIRST]);
    expect(await current(name)).toBe(made[3]);
    expect(parseRing(await current(name)).former).toHaveLength(1);
  });

  it.each([
    ['no ring at all', () => '{"secret":'],
    [
      'the same secret',
      (ring: string) => formatRing({ ...parseRing(ring), current: { version: '2', secret: FIRST } }),
    ],
    ['no former version', (ring: string) => formatRing({ ...parseRing(ring), former: [] })],
    ['another version number', (ring: string) => ring.replace('"version":"2"', '"version":"7"')],
    ['other names', (ring: string) => formatRing({ ...parseRing(ring), root: 'another root' })],
    [
      'a short secret',
      (ring: string) =>
        formatRing({ ...parseRing(ring), current: { version: '2', secret: 'short-secret-here' } }),
    ],
  ])('a pending version with %s fails the test, and nothing changes', async (_, damage) => {
    for (const name of OWN_SECRET_NAMES) {
      await rotate('createSecret', name, 'v2');
      const id = `atp/test/${name}`;
      const pending = (await store.read(id, { stage: 'AWSPENDING' })) ?? '';
      await store.stage(id, 'v2', damage(pending));

      await expect(rotate('testSecret', name, 'v2')).rejects.toThrow();
      await expect(rotate('finishSecret', name, 'v2')).rejects.toThrow();
      expect(await current(name)).toBe(FIRST);
    }
  });

  it.each(['{"secret":"planted-secret-that-must-stay-secret","version":5}', '{"secret":"planted" oops'])(
    'says nothing of a secret in what it throws: %s',
    async (pending) => {
      await rotate('createSecret', 'pepper', 'v2');
      await store.stage('atp/test/pepper', 'v2', pending);

      const error = await rotate('testSecret', 'pepper', 'v2').catch((thrown: Error) => thrown);

      expect(inspect(error, { depth: 9 })).not.toContain('planted');
    },
  );

  it('begins nothing for a token without a pending version, nor for what is no secret of the stage', async () => {
    await expect(rotate('setSecret', 'pepper', 'v9')).rejects.toThrow('pending');
    await expect(rotate('finishSecret', 'pepper', 'v9')).rejects.toThrow('pending');
    await expect(rotate('createSecret', 'adapters/gpt', 'v2')).rejects.toThrow('no secret of the stage');
    await expect(rotate('createSecret', 'pepper-a1B2c3', 'v2')).rejects.toThrow('no secret of the stage');
    await expect(rotate('dropSecret', 'pepper', 'v2')).rejects.toThrow();
  });

  it('knows a secret by its ARN', async () => {
    store.set(ARN, 'v1', FIRST);

    await rotateWhole(ARN, 'v2');

    expect((await store.stages(ARN)).get('v2')).toContain('AWSCURRENT');
  });

  it('keys made under any version go on; a version that no key needs is dropped', async () => {
    const made: string[] = [];
    const makeKey = async (): Promise<void> => {
      const { id, key, secret } = makeApiKey({ env: 'test', random: seededRandom(made.length + 40) });
      const peppered = await new Pepper(await readers('pepper')).hash(secret);
      await keys.create({
        id,
        tenant_id: 'acme',
        roles: ['caller'],
        ...peppered,
        created_at: '2026-01-01T00:00:00.000Z',
      });
      made.push(key);
    };
    await makeKey();
    await rotateWhole('pepper', 'v2');
    await rotateWhole('pepper', 'v3');
    await rotateWhole('pepper', 'v4');
    await makeKey();

    const authenticator = new Authenticator({ keys, secrets: await readers('pepper'), clock, env: 'test' });
    for (const key of made)
      expect(await authenticator.authenticate(key)).toMatchObject({ tenant_id: 'acme' });
    // 1 has a key, 3 was the current one a moment ago, 2 has neither.
    expect(parseRing(await current('pepper')).former.map(({ version }) => version)).toEqual(['3', '1']);
  });

  it('an instance that has not heard of a rotation asks again for the version that it lacks', async () => {
    const secrets = new MemorySecretStore({ pepper: FIRST });
    const stale = { ...secrets, get: async () => FIRST, refresh: (name: string) => secrets.get(name) };
    await rotateWhole('pepper', 'v2');
    await secrets.put('pepper', await current('pepper'));
    const record = await new Pepper(secrets).hash('part');

    expect(record.pepper_version).toBe('2');
    expect(await new Pepper(stale).matches('part', record)).toBe(true);
  });

  it('the former bootstrap key is accepted for an hour, and at once no more where it is rotated twice', async () => {
    await rotateWhole('admin-key', 'v2');
    const asked = async (): Promise<boolean> =>
      new Authenticator({ keys, secrets: await readers('admin-key'), clock, env: 'test' })
        .authenticate(`atp_test_admin_${FIRST.replaceAll('-', '')}`)
        .then(() => true)
        .catch(() => false);
    store.set('atp/test/admin-key', 'v1', FIRST.replaceAll('-', ''));
    await rotateWhole('admin-key', 'v3');

    expect(await asked()).toBe(true);
    await clock.advance(HOUR_MS);
    expect(await asked()).toBe(false);
    store.set('atp/test/admin-key', 'v1', FIRST.replaceAll('-', ''));
    await rotateWhole('admin-key', 'v4');
    await rotateWhole('admin-key', 'v5');
    expect(await asked()).toBe(false);
  });

  it('what was sealed opens as long as it is kept, under names that stay', async () => {
    const sealer = async () =>
      new Sealer({ secrets: await readers(REPLY_SECRET), random: seededRandom(3), secret: REPLY_SECRET });
    const sealed = await (await sealer()).seal('place', { kept: true });
    const name = await (await sealer()).hash('a key');
    await rotateWhole(REPLY_SECRET, 'v2');
    await clock.advance(24 * HOUR_MS);
    await rotateWhole(REPLY_SECRET, 'v3');

    expect(await (await sealer()).open('place', sealed)).toEqual({ kept: true });
    expect(await (await sealer()).hash('a key')).toBe(name);
    await clock.advance(25 * HOUR_MS);
    await rotateWhole(REPLY_SECRET, 'v4');
    await expect((await sealer()).open('place', sealed)).rejects.toMatchObject({ code: 'internal' });
  });
});
