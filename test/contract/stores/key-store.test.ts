/** One suite for every store of keys. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DocumentTable } from '../../../shared/adapters/dynamodb/documents.ts';
import { DynamoKeyStore } from '../../../shared/adapters/dynamodb/key-store.ts';
import { MemoryKeyStore } from '../../../shared/adapters/memory/key-store.ts';
import type { ApiKeyRecord } from '../../../shared/model/tenant.ts';
import type { KeyStore, KeyUseLog } from '../../../shared/ports/key-store.ts';
import { startDynamo, type TestDynamo } from '../../support/dynamodb.ts';
import { makeTable } from '../../support/store-tables.ts';

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

const SUBJECTS: [string, () => Promise<KeyStore & KeyUseLog>][] = [
  ['in memory', async () => new MemoryKeyStore()],
  [
    'in DynamoDB',
    async () => new DynamoKeyStore(new DocumentTable(dynamo.client, await makeTable(dynamo.sdk, 'Config'))),
  ],
];

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
    keys = await make();
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
