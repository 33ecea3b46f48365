/** One suite for every store of configuration. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DynamoConfigStore } from '../../../shared/adapters/dynamodb/config-store.ts';
import { DocumentTable } from '../../../shared/adapters/dynamodb/documents.ts';
import { MemoryConfigStore } from '../../../shared/adapters/memory/config-store.ts';
import { DEFAULT_FLAGS, DEFAULT_POLICY } from '../../../shared/config/default-policy.ts';
import type { Flags, Policy } from '../../../shared/model/policy.ts';
import type { ConfigStore } from '../../../shared/ports/config-store.ts';
import { startDynamo, type TestDynamo } from '../../support/dynamodb.ts';
import { anAdapter } from '../../support/fakes/documents.ts';
import { makeTable } from '../../support/store-tables.ts';

const DEFAULTS = { policy: DEFAULT_POLICY, flags: DEFAULT_FLAGS };

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

const configTable = async (): Promise<DocumentTable> =>
  new DocumentTable(dynamo.client, await makeTable(dynamo.sdk, 'Config'));

const SUBJECTS: [string, () => Promise<ConfigStore>][] = [
  ['in memory', async () => new MemoryConfigStore(DEFAULTS)],
  ['in DynamoDB', async () => new DynamoConfigStore(await configTable(), DEFAULTS)],
];

describe.each(SUBJECTS)('configuration %s', (_, make) => {
  let config: ConfigStore;
  beforeEach(async () => {
    config = await make();
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

describe('configuration in DynamoDB', () => {
  it('reads on where it is larger than a page', async () => {
    const config = new DynamoConfigStore(await configTable(), DEFAULTS);
    const ids = Array.from({ length: 6 }, (_, index) => `model-${index}`);
    for (const id of ids) await config.putAdapter(anAdapter(id, { model: 'm'.repeat(250_000) }));

    expect((await config.snapshot()).adapters.map(({ id }) => id)).toEqual(ids);
  });
});
