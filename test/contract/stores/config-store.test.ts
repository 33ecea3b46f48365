/** One suite for every store of configuration and of keys. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DynamoConfigStore } from '../../../shared/adapters/dynamodb/config-store.ts';
import { DocumentTable } from '../../../shared/adapters/dynamodb/documents.ts';
import { DynamoKeyStore } from '../../../shared/adapters/dynamodb/key-store.ts';
import { MemoryConfigStore } from '../../../shared/adapters/memory/config-store.ts';
import { MemoryKeyStore } from '../../../shared/adapters/memory/key-store.ts';
import { DEFAULT_FLAGS, DEFAULT_POLICY } from '../../../shared/config/default-policy.ts';
import type { Flags, Policy } from '../../../shared/model/policy.ts';
import type { ApiKeyRecord } from '../../../shared/model/tenant.ts';
import type { ConfigStore } from '../../../shared/ports/config-store.ts';
import type { KeyStore, KeyUseLog } from '../../../shared/ports/key-store.ts';
import { startDynamo, type TestDynamo } from '../../support/dynamodb.ts';
import { anAdapter } from '../../support/fakes/documents.ts';
import { makeTable } from '../../support/store-tables.ts';

const DEFAULTS = { policy: DEFAULT_POLICY, flags: DEFAULT_FLAGS };

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

interface Subject {
  config: ConfigStore;
  keys: KeyStore & KeyUseLog;
}

const SUBJECTS: [string, () => Promise<Subject>][] = [
  ['in memory', async () => ({ config: new MemoryConfigStore(DEFAULTS), keys: new MemoryKeyStore() })],
  [
    'in DynamoDB',
    async () => {
      const table = new DocumentTable(dynamo.client, await makeTable(dynamo.sdk, 'Config'));
      return { config: new DynamoConfigStore(table, DEFAULTS), keys: new DynamoKeyStore(table) };
    },
  ],
];

describe.each(SUBJECTS)('configuration %s', (_, make) => {
  let config: ConfigStore;
  beforeEach(async () => {
    config = (await make()).config;
  });

  it('begins with the defaults and no model', async () => {
    expect(await config.snapshot()).toEqual({
      adapters: [],
      policies: new Map([['default', DEFAULT_POLICY]]),
      flags: DEFAULT_FLAGS,
      drain: { enabled: false },
    });
    expect(await config.getDrain()).toEqual({ enabled: false });
    expect(await config.getFlags()).toEqual(DEFAULT_FLAGS);
  });

  it('gives back the drain as it was put, also in the snapshot', async () => {
    const drain = { enabled: true, reconnect_after_ms: 5, since: '2026-01-05T12:00:00.000Z' } as const;

    await config.putDrain(drain);

    expect([await config.getDrain(), (await config.snapshot()).drain]).toEqual([drain, drain]);
  });

  it('gives back an adapter as it was put, also in the snapshot', async () => {
    const adapter = anAdapter('gpt-4', { simulated: { quality: { code: 0.5 } }, capabilities: ['tools'] });

    await config.putAdapter(adapter);

    expect(await config.getAdapter('gpt-4')).toEqual(adapter);
    expect((await config.snapshot()).adapters).toEqual([adapter]);
  });

  it('lists adapters by their ids', async () => {
    for (const id of ['b', 'c', 'a']) await config.putAdapter(anAdapter(id));

    expect((await config.listAdapters()).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  it('replaces an adapter of the same id', async () => {
    await config.putAdapter(anAdapter('a', { quality: 0.1 }));
    await config.putAdapter(anAdapter('a', { quality: 0.9 }));

    expect((await config.listAdapters()).map(({ quality }) => quality)).toEqual([0.9]);
  });

  it('says whether there was an adapter to delete', async () => {
    await config.putAdapter(anAdapter('a'));

    expect(await config.deleteAdapter('a')).toBe(true);
    expect(await config.deleteAdapter('a')).toBe(false);
    expect(await config.getAdapter('a')).toBeUndefined();
  });

  it("shows a model with its tenants' keys, which a new registration leaves alone", async () => {
    const at = '2026-01-05T12:00:00.000Z';
    const keys = ['zeta', 'acme'].map((tenant_id) => ({ tenant_id, updated_at: at }));
    for (const id of ['gpt', 'gpt-4']) await config.putAdapter(anAdapter(id));
    for (const key of keys) await config.putTenantKey('gpt', key);
    await config.putTenantKey('gpt-4', { tenant_id: 'acme', updated_at: at });
    const gpt = { ...anAdapter('gpt', { quality: 0.9 }), tenant_keys: keys.toReversed() };

    await config.putAdapter({ ...gpt, tenant_keys: [] });

    expect(await config.getAdapter('gpt')).toEqual(gpt);
    expect((await config.listAdapters())[0]).toEqual(gpt);
    expect((await config.snapshot()).adapters[0]).toEqual(gpt);
    expect(await config.listTenantKeys('gpt')).toEqual(gpt.tenant_keys);
  });

  it("replaces and removes a tenant's key, and shows none of a model that is gone", async () => {
    const [first, second] = ['2026-01-05T12:00:00.000Z', '2026-01-06T12:00:00.000Z'];
    await config.putAdapter(anAdapter('gpt'));
    await config.putTenantKey('gpt', { tenant_id: 'acme', updated_at: first });
    await config.putTenantKey('gpt', { tenant_id: 'acme', updated_at: second });

    expect(await config.listTenantKeys('gpt')).toEqual([{ tenant_id: 'acme', updated_at: second }]);
    await config.deleteAdapter('gpt');
    expect((await config.snapshot()).adapters).toEqual([]);
    expect(await config.getAdapter('gpt')).toBeUndefined();
    expect([
      await config.deleteTenantKey('gpt', 'acme'),
      await config.deleteTenantKey('gpt', 'acme'),
    ]).toEqual([true, false]);
    await config.putAdapter(anAdapter('gpt'));
    expect(await config.getAdapter('gpt')).toEqual(anAdapter('gpt'));
  });

  it('lists the built-in policy, which has no versions', async () => {
    expect(await config.listPolicies()).toEqual([DEFAULT_POLICY]);
    expect(await config.getPolicy('default')).toEqual(DEFAULT_POLICY);
    expect(await config.getPolicy('mine')).toBeUndefined();
    expect(await config.listPolicyVersions('default', 10)).toEqual([]);
  });

  it('puts a version in force and keeps the ones before, newest first', async () => {
    const versions = Array.from({ length: 12 }, (_, index) => aPolicy('mine', index + 1));
    for (const version of versions) await config.putPolicy(version);
    await config.putPolicy(aPolicy('a', 1));

    expect(await config.getPolicy('mine')).toEqual(versions.at(-1));
    expect((await config.snapshot()).policies.get('mine')).toEqual(versions.at(-1));
    expect((await config.listPolicies()).map(({ id }) => id)).toEqual(['a', 'default', 'mine']);
    expect(await config.listPolicyVersions('mine', 3)).toEqual(versions.toReversed().slice(0, 3));
    expect(await config.listPolicyVersions('mine', 99)).toHaveLength(12);
  });

  it('takes a policy out of force and keeps its versions', async () => {
    await config.putPolicy(aPolicy('mine', 1));

    expect(await config.deletePolicy('mine')).toBe(true);
    expect(await config.deletePolicy('mine')).toBe(false);
    expect(await config.getPolicy('mine')).toBeUndefined();
    expect([...(await config.snapshot()).policies.keys()]).toEqual(['default']);
    expect(await config.listPolicyVersions('mine', 9)).toEqual([aPolicy('mine', 1)]);
    await expect(config.putPolicy(aPolicy('mine', 1))).rejects.toMatchObject({ code: 'conflict' });
  });

  it('replaces the built-in policy', async () => {
    const policy = { ...aPolicy('default', 1), expected_output_tokens: 9 };

    await config.putPolicy(policy);

    expect(await config.listPolicies()).toEqual([policy]);
    expect((await config.snapshot()).policies.get('default')).toEqual(policy);
  });

  it('lets one of many make a version, and changes nothing for the others', async () => {
    const put = async (expected_output_tokens: number) =>
      config.putPolicy({ ...aPolicy('mine', 1), expected_output_tokens });

    const results = await Promise.allSettled(Array.from({ length: 5 }, (_, index) => put(index + 1)));

    const won = results.findIndex(({ status }) => status === 'fulfilled');
    const lost = results.filter((result) => result.status === 'rejected');
    expect(lost.map(({ reason }) => reason.code)).toEqual(Array.from({ length: 4 }, () => 'conflict'));
    expect((await config.getPolicy('mine'))?.expected_output_tokens).toBe(won + 1);
    expect(await config.listPolicyVersions('mine', 9)).toEqual([await config.getPolicy('mine')]);
  });

  it('keeps flags', async () => {
    const flags: Flags = { selector: { rust_percent: 10, enabled: false }, pii: { detector: 'shadow' } };

    await config.putFlags(flags);

    expect(await config.getFlags()).toEqual(flags);
    expect((await config.snapshot()).flags).toEqual(flags);
  });
});

const aPolicy = (id: string, version: number): Policy => ({ ...DEFAULT_POLICY, id, version });

const aKey = (id: string, fields: Partial<ApiKeyRecord> = {}): ApiKeyRecord => ({
  id,
  tenant_id: 'acme',
  roles: ['caller'],
  hash: 'ab12',
  created_at: '2026-01-01T00:00:00.000Z',
  ...fields,
});

describe.each(SUBJECTS)('keys %s', (_, make) => {
  let keys: KeyStore & KeyUseLog;
  beforeEach(async () => {
    keys = (await make()).keys;
  });

  it('gives back a key as it was made', async () => {
    const key = aKey('k1', { name: 'laptop', expires_at: '2027-01-01T00:00:00.000Z' });

    await keys.create(key);

    expect(await keys.get('k1')).toEqual(key);
  });

  it('makes no second key of one id', async () => {
    await keys.create(aKey('k1'));

    await expect(keys.create(aKey('k1', { tenant_id: 'other' }))).rejects.toMatchObject({ code: 'conflict' });

    expect((await keys.get('k1'))?.tenant_id).toBe('acme');
  });

  it('lists keys by their ids', async () => {
    for (const id of ['k2', 'k1']) await keys.create(aKey(id));

    expect((await keys.list()).map(({ id }) => id)).toEqual(['k1', 'k2']);
  });

  it('says whether there was a key to delete', async () => {
    await keys.create(aKey('k1'));

    expect(await keys.delete('k1')).toBe(true);
    expect(await keys.delete('k1')).toBe(false);
    expect(await keys.get('k1')).toBeUndefined();
  });

  it('puts a new key beside the one that it replaces', async () => {
    const old = aKey('k1', { name: 'laptop' });
    const replaced = { ...old, expires_at: '2026-01-02T00:00:00.000Z', replaced_by: 'k2' };
    const next = aKey('k2', { rotated_from: 'k1' });
    await keys.create(old);

    await keys.rotate(old, replaced, next);

    expect(await keys.list()).toEqual([replaced, next]);
  });

  it.each([
    ['is gone', () => keys.delete('k1')],
    ['is another by now', () => keys.rotate(aKey('k1'), aKey('k1', { replaced_by: 'k9' }), aKey('k9'))],
    ['would meet a new one of a known id', () => keys.create(aKey('k2'))],
  ])('changes nothing where the old key %s', async (_name, meanwhile) => {
    await keys.create(aKey('k1'));
    await meanwhile();
    const before = await keys.list();

    await expect(
      keys.rotate(aKey('k1'), aKey('k1', { replaced_by: 'k2' }), aKey('k2')),
    ).rejects.toMatchObject({ code: 'conflict' });

    expect(await keys.list()).toEqual(before);
  });

  it('of two rotations at once makes one', async () => {
    await keys.create(aKey('k1'));
    const rotations = ['k2', 'k3', 'k4'].map((id) =>
      keys.rotate(aKey('k1'), aKey('k1', { replaced_by: id }), aKey(id)),
    );

    const ends = await Promise.allSettled(rotations);

    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await keys.list()).toHaveLength(2);
  });

  it('shows when a key was last used, and writes it no oftener than asked', async () => {
    const at = (iso: string): number => Date.parse(`2026-01-05T${iso}.000Z`);
    await keys.create(aKey('k1'));
    await keys.note('k1', at('12:00:00'), at('11:55:00'));
    await keys.note('k1', at('12:01:00'), at('11:56:00'));
    const early = await keys.list();
    await keys.note('k1', at('12:05:00'), at('12:00:00'));

    expect(early).toMatchObject([{ id: 'k1', last_used_at: '2026-01-05T12:00:00.000Z' }]);
    expect(await keys.list()).toMatchObject([{ id: 'k1', last_used_at: '2026-01-05T12:05:00.000Z' }]);
    expect(await keys.get('k1')).toEqual(aKey('k1'));
  });

  it('forgets the use with the key, and shows none of a key that there is not', async () => {
    await keys.create(aKey('k1'));
    await keys.note('k1', 1, 0);
    await keys.note('k9', 1, 0);
    await keys.delete('k1');
    await keys.create(aKey('k1'));

    expect(await keys.list()).toEqual([aKey('k1')]);
  });
});

describe('configuration in DynamoDB', () => {
  it('reads on where it is larger than a page', async () => {
    const table = new DocumentTable(dynamo.client, await makeTable(dynamo.sdk, 'Config'));
    const config = new DynamoConfigStore(table, DEFAULTS);
    const ids = Array.from({ length: 6 }, (_, index) => `model-${index}`);
    for (const id of ids) await config.putAdapter(anAdapter(id, { model: 'm'.repeat(250_000) }));

    expect((await config.snapshot()).adapters.map(({ id }) => id)).toEqual(ids);
  });
});
