/** One suite for every store of the audit log. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DynamoAuditStore } from '../../../shared/adapters/dynamodb/audit-store.ts';
import { MemoryAuditStore } from '../../../shared/adapters/memory/audit-store.ts';
import type { AuditQuery } from '../../../shared/model/audit.ts';
import type { AuditPlace, AuditStore } from '../../../shared/ports/audit-store.ts';
import { startDynamo, type TestDynamo } from '../../support/dynamodb.ts';
import { auditLog, change, verify } from '../../support/fakes/audit.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';
import { makeTable } from '../../support/store-tables.ts';

const MONTH_MS = 31 * 86_400_000;

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

const SUBJECTS: [string, (clock: ManualClock) => Promise<AuditStore>][] = [
  ['in memory', async () => new MemoryAuditStore()],
  [
    'in DynamoDB',
    async (clock) =>
      new DynamoAuditStore(dynamo.client, await makeTable(dynamo.sdk, 'Audit'), () => clock.now()),
  ],
];

describe.each(SUBJECTS)('the audit log %s', (_, make) => {
  let clock: ManualClock;
  let store: AuditStore;
  beforeEach(async () => {
    clock = new ManualClock({ autoAdvance: true });
    store = await make(clock);
  });

  const write = async (count: number, tenant = 'acme', action = 'PUT /admin/flags'): Promise<string[]> => {
    const log = auditLog(store, { clock });
    const ids: string[] = [];
    for (let index = 0; index < count; index++) {
      ids.push(await log.append(`tenant#${tenant}`, change({ action, tenant_id: tenant })));
      await clock.advance(1_000);
    }
    return ids;
  };

  const listed = async (query: Partial<AuditQuery>): Promise<string[]> => {
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.list({ limit: 3, ...query, ...(cursor === undefined ? {} : { cursor }) });
      ids.push(...page.items.filter(({ kind }) => kind !== 'system').map(({ id }) => id));
      cursor = page.cursor;
    } while (cursor !== undefined);
    return ids;
  };

  it('knows where everything lies', async () => {
    await write(3);
    await write(1, 'globex');

    const places: AuditPlace[] = [];
    for await (const page of store.places()) places.push(...page);

    const of = (chain: string) =>
      places
        .filter((place) => place.chain === chain)
        .map(({ seq }) => String(seq))
        .sort();
    expect(of('tenant#acme')).toEqual(['1', '2', '3', 'head']);
    expect(of('tenant#globex')).toEqual(['1', 'head']);
    expect(new Set(places.map(({ chain }) => chain))).toEqual(
      new Set(['tenant#acme', 'tenant#globex', 'chains']),
    );
  });

  it('has nothing at first', async () => {
    expect(await store.head('tenant#acme')).toBeUndefined();
    expect(await store.entry('tenant#acme', 1)).toBeUndefined();
    expect(await store.list({ limit: 10 })).toEqual({ items: [] });
    expect(await store.list({ limit: 10, tenant_id: 'acme' })).toEqual({ items: [] });
  });

  it('keeps a chain in its order', async () => {
    const ids = await write(5);

    const entries = await store.entries('tenant#acme', 0, 100);
    expect(entries.map(({ seq, id }) => [seq, id])).toEqual(ids.map((id, index) => [index + 1, id]));
    expect((await store.entries('tenant#acme', 2, 2)).map(({ seq }) => seq)).toEqual([3, 4]);
    expect(await store.entry('tenant#acme', 4)).toEqual(entries[3]);
    expect(await store.head('tenant#acme')).toMatchObject({ seq: 5, mac: entries[4]?.mac });
  });

  it('takes nothing where a head is another than was thought, of whichever step', async () => {
    await write(1);
    const head = await store.head('tenant#acme');
    const to = { ...head, seq: 2, seal: 'next' } as NonNullable<typeof head>;
    const stale = { from: { ...to, seal: 'another' }, to, entries: [] };
    const other = { ...to, chain: 'tenant#other' };

    expect(await store.append([stale])).toBe(false);
    expect(await store.append([{ from: undefined, to, entries: [] }])).toBe(false);
    expect(await store.append([{ from: undefined, to: other, entries: [] }, stale])).toBe(false);
    expect(await store.head('tenant#other')).toBeUndefined();
    expect(await store.append([{ from: head, to, entries: [] }])).toBe(true);
  });

  it('lists one tenant newest first, page by page', async () => {
    const ids = await write(8);
    await write(2, 'other');

    expect(await listed({ tenant_id: 'acme' })).toEqual(ids.reverse());
  });

  it('lists all tenants newest first, page by page, over months', async () => {
    const ids = [...(await write(3)), ...(await write(2, 'other'))];
    await clock.advance(3 * MONTH_MS);
    ids.push(...(await write(4)), ...(await write(3, 'third')));

    expect(await listed({})).toEqual(ids.reverse());
  });

  it('lists what is asked for, by action, kind, outcome, actor and time', async () => {
    const early = await write(2);
    const from = clock.now();
    const flags = await write(4);
    const to = clock.now() - 1;
    const keys = await write(3, 'acme', 'POST /admin/keys');
    const everybody = [{}, { tenant_id: 'acme' }];

    for (const which of everybody) {
      expect(await listed({ ...which, action: 'POST /admin/keys' })).toEqual([...keys].reverse());
      expect(await listed({ ...which, from })).toEqual([...flags, ...keys].reverse());
      expect(await listed({ ...which, from, to })).toEqual([...flags].reverse());
      expect(await listed({ ...which, to: from - 1 })).toEqual([...early].reverse());
      expect(await listed({ ...which, outcome: 'forbidden' })).toEqual([]);
      expect(await listed({ ...which, kind: 'denied' })).toEqual([]);
      expect(await listed({ ...which, actor: 'somebody' })).toEqual([]);
      expect(await listed({ ...which, actor: 'admin' })).toHaveLength(9);
    }
  });

  it('refuses a cursor that it never gave, or gave for another listing', async () => {
    await write(5);
    const { cursor = '' } = await store.list({ limit: 2, tenant_id: 'acme' });

    for (const wrong of ['x', cursor, Buffer.from('{"time":"now"}').toString('base64url')]) {
      await expect(store.list({ limit: 2, cursor: wrong })).rejects.toMatchObject({
        code: 'invalid_request',
      });
    }
  });

  it('ends a listing whose end is beyond the end of time', async () => {
    const ids = await write(2);

    expect(await listed({ to: Date.parse('9999-12-31T00:00:00Z') })).toEqual(ids.reverse());
  });

  it('neither forks nor loses an entry where several processes append at once', async () => {
    const logs = [1, 2, 3, 4].map((seed) => auditLog(store, { clock, seed }));
    const appends = logs.flatMap((log, process) =>
      Array.from({ length: 15 }, (_unused, index) =>
        log.append(`tenant#t${index % 3}`, change({ action: `PUT /${process}/${index}` })),
      ),
    );

    const ids = await Promise.all(appends);

    const verified = await verify(store);
    expect(verified).toMatchObject({ ok: true, chains: 4, entries: 60 + 3 });
    expect((await listed({ limit: 1_000 })).sort()).toEqual(ids.sort());
  });
});
