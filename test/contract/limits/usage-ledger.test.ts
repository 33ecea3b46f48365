/** One suite for every ledger: in memory, and in a DynamoDB. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DynamoObservationStore } from '../../../shared/adapters/dynamodb/observation-store.ts';
import { DynamoUsageLedger, settlementUpdates } from '../../../shared/adapters/dynamodb/usage-ledger.ts';
import { MemoryObservationStore } from '../../../shared/adapters/memory/observation-store.ts';
import { MemoryUsageLedger } from '../../../shared/adapters/memory/usage-ledger.ts';
import { systemClock, systemRandom } from '../../../shared/adapters/runtime/system.ts';
import { uuidv7Source } from '../../../shared/adapters/runtime/uuidv7.ts';
import type { Settlement } from '../../../shared/model/quota.ts';
import type { ObservationStore } from '../../../shared/ports/observation-store.ts';
import type { LedgerChange, UsageLedger } from '../../../shared/ports/usage-ledger.ts';
import { startDynamo, type TestDynamo } from '../../support/dynamodb.ts';
import { quotaOf, settlementOf, TODAY } from '../../support/fakes/limits.ts';
import { settledOf } from '../../support/fakes/observations.ts';

interface Subject {
  ledger: UsageLedger;
  settle(settlements: Settlement[]): Promise<void>;
  observations: ObservationStore;
}

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

const inMemory = (): Subject => {
  const ledger = new MemoryUsageLedger();
  return {
    ledger,
    settle: async (settlements) => ledger.settle(settlements),
    observations: new MemoryObservationStore((settlements) => ledger.settle(settlements)),
  };
};

const inDynamo = (): Subject => ({
  ledger: new DynamoUsageLedger(dynamo.client, 'Usage'),
  settle: async (settlements) => {
    const TransactItems = settlementUpdates('Usage')(settlements);
    await dynamo.client.call('TransactWriteItems', { TransactItems });
  },
  observations: new DynamoObservationStore({
    client: dynamo.client,
    table: 'Observations',
    shards: 2,
    clock: systemClock(),
    random: systemRandom(),
    settlementUpdates: settlementUpdates('Usage'),
  }),
});

const ids = uuidv7Source(systemClock(), systemRandom());
const HOLD = { tokens: 10, cost_nano: 2_000_000_000, expires_at: 1_767_614_400_000 };
const USED = { tokens: 7, cost_nano: 1_500_000_000 };
const changeOf = (rest: Partial<LedgerChange> = {}): LedgerChange => ({
  windows: 's:1.1',
  holds: {},
  dropHolds: [],
  dropDays: [],
  ...rest,
});

describe.each([
  ['memory', inMemory],
  ['DynamoDB', inDynamo],
])('usage ledger in %s', (_name, makeSubject) => {
  let subject: Subject;
  let tenant: string;
  beforeEach(() => {
    subject = makeSubject();
    tenant = ids.uuidv7();
  });

  const settlement = (
    id: string,
    use: Parameters<typeof settlementOf>[1],
    held?: typeof HOLD,
  ): Settlement => ({
    ...settlementOf(id, use, held),
    tenant_id: tenant,
  });

  it('knows nothing of a tenant not seen yet', async () => {
    expect(await subject.ledger.read(tenant)).toBeUndefined();
  });

  it('makes the item with the first swap, from version 0', async () => {
    const result = await subject.ledger.swap(tenant, 0, changeOf({ holds: { a: HOLD } }));

    const item = { version: 1, windows: 's:1.1', days: {}, holds: { a: HOLD } };
    expect(result).toEqual({ swapped: true, current: item });
    expect(await subject.ledger.read(tenant)).toEqual(item);
  });

  it('refuses a swap from a former version, and returns the item as it is', async () => {
    await subject.ledger.swap(tenant, 0, changeOf());
    await subject.ledger.swap(tenant, 1, changeOf({ windows: 's:2.1' }));

    const result = await subject.ledger.swap(tenant, 1, changeOf({ windows: 's:3.1' }));

    expect(result).toEqual({
      swapped: false,
      current: { version: 2, windows: 's:2.1', days: {}, holds: {} },
    });
  });

  it('refuses a second first swap', async () => {
    await subject.ledger.swap(tenant, 0, changeOf());

    expect((await subject.ledger.swap(tenant, 0, changeOf())).swapped).toBe(false);
  });

  it('refuses a swap of an item that is gone, with nothing to return', async () => {
    expect(await subject.ledger.swap(tenant, 3, changeOf())).toEqual({ swapped: false, current: undefined });
  });

  it('lets only one of many swaps from one version pass', async () => {
    const results = await Promise.all(
      Array.from({ length: 20 }, () => subject.ledger.swap(tenant, 0, changeOf())),
    );

    expect(results.filter(({ swapped }) => swapped)).toHaveLength(1);
  });

  it('drops holds and days, and keeps the others', async () => {
    await subject.ledger.swap(tenant, 0, changeOf({ holds: { a: HOLD, b: HOLD } }));
    await subject.settle([settlement('x', { ...USED, day: '2026-01-01' }), settlement('y', USED)]);

    await subject.ledger.swap(tenant, 1, changeOf({ dropHolds: ['a'], dropDays: ['2026-01-01'] }));

    expect(await subject.ledger.read(tenant)).toMatchObject({ holds: { b: HOLD }, days: { [TODAY]: USED } });
  });

  it('books a settlement, frees its hold and leaves the version alone', async () => {
    await subject.ledger.swap(tenant, 0, changeOf({ holds: { a: HOLD, b: HOLD } }));

    await subject.settle([settlement('a', USED, HOLD)]);

    const item = await subject.ledger.read(tenant);
    expect(item).toMatchObject({ version: 1, days: { [TODAY]: USED } });
    expect(Object.keys(item?.holds ?? {})).toEqual(['b']);
  });

  it('adds up settlements of one tenant, by day', async () => {
    await subject.settle([
      settlement('a', USED),
      settlement('b', USED),
      settlement('c', { ...USED, day: '2026-01-06' }),
    ]);
    await subject.settle([settlement('d', USED)]);

    expect((await subject.ledger.read(tenant))?.days).toEqual({
      [TODAY]: { tokens: 21, cost_nano: 4_500_000_000 },
      '2026-01-06': USED,
    });
  });

  it('takes a swap after a settlement that came first of all', async () => {
    await subject.settle([settlement('a', USED)]);

    expect((await subject.ledger.swap(tenant, 0, changeOf())).swapped).toBe(true);
  });

  it('books a settlement whose hold has expired and gone', async () => {
    await subject.ledger.swap(tenant, 0, changeOf({ holds: { a: HOLD } }));
    await subject.ledger.swap(tenant, 1, changeOf({ dropHolds: ['a'] }));

    await subject.settle([settlement('a', USED, HOLD)]);

    expect(await subject.ledger.read(tenant)).toMatchObject({ holds: {}, days: { [TODAY]: USED } });
  });

  it.each([
    ['tokens', { tokens: 7 }, { tokens: 6 }],
    ['dollars', { cost_nano: 1_500_000_000 }, { cost_nano: 1_499_999_999 }],
  ])('bounds the %s used at the time of the swap', async (_what, enough, tooLittle) => {
    await subject.settle([settlement('a', USED)]);

    const refused = await subject.ledger.swap(tenant, 0, changeOf({ atMost: { day: TODAY, ...tooLittle } }));
    const taken = await subject.ledger.swap(tenant, 0, changeOf({ atMost: { day: TODAY, ...enough } }));

    expect(refused).toEqual({ swapped: false, current: { version: 0, days: { [TODAY]: USED }, holds: {} } });
    expect(taken.swapped).toBe(true);
  });

  it('takes nothing used as within every bound', async () => {
    const change = changeOf({ atMost: { day: TODAY, tokens: 0, cost_nano: 0 } });

    expect((await subject.ledger.swap(tenant, 0, change)).swapped).toBe(true);
  });

  it('keeps billions of dollars and trillions of tokens to the last digit', async () => {
    const use = { tokens: 1e12 - 1, cost_nano: 9_007_199_254_740_991 };
    await subject.settle([settlement('a', use)]);

    expect((await subject.ledger.read(tenant))?.days[TODAY]).toEqual(use);
  });

  it('puts a quota into the item with a new version, and keeps the rest', async () => {
    await subject.ledger.swap(tenant, 0, changeOf({ holds: { a: HOLD } }));
    const quota = quotaOf({ rps: 5, cost_per_day_usd: 0.5 }, 1.5, tenant);

    await subject.ledger.putQuota(quota);

    expect(await subject.ledger.read(tenant)).toEqual({
      version: 2,
      windows: 's:1.1',
      days: {},
      holds: { a: HOLD },
      quota,
    });
    expect((await subject.ledger.swap(tenant, 1, changeOf())).swapped).toBe(false);
  });

  it('lists the quotas in force, by tenant, each once', async () => {
    const second = `${tenant}-2`;
    for (const quota of [
      quotaOf({}, 1, second),
      quotaOf({ rps: 1 }, 1, tenant),
      quotaOf({ rps: 2 }, 1, tenant),
    ])
      await subject.ledger.putQuota(quota);

    const listed = (await subject.ledger.listQuotas()).filter(({ tenant_id }) =>
      tenant_id.startsWith(tenant),
    );

    expect(listed).toEqual([quotaOf({ rps: 2 }, 1, tenant), quotaOf({}, 1, second)]);
  });

  it('keeps what counts for a key, bounds its use, books it, and drops it when nothing counts', async () => {
    const keyOf = (windows: string, rest = {}) => ({
      one: { windows, until: 1_767_614_400_000, dropDays: [], ...rest },
    });
    const held = { ...HOLD, key: 'one' };
    await subject.ledger.swap(tenant, 0, changeOf({ holds: { a: held }, keys: keyOf('s:3.1') }));
    await subject.settle([settlement('a', USED, held), settlement('b', USED)]);

    const item = await subject.ledger.read(tenant);
    expect(item?.keys).toEqual({
      one: { windows: 's:3.1', until: 1_767_614_400_000, days: { [TODAY]: USED } },
    });
    expect(item?.days[TODAY]?.tokens).toBe(14);
    expect(item?.holds).toEqual({});

    const tooLittle = changeOf({ keys: keyOf('s:4.1', { atMost: { day: TODAY, tokens: 6 } }) });
    expect((await subject.ledger.swap(tenant, 1, tooLittle)).swapped).toBe(false);
    const enough = changeOf({ keys: keyOf('s:4.1', { atMost: { day: TODAY, tokens: 7 } }) });
    expect((await subject.ledger.swap(tenant, 1, enough)).swapped).toBe(true);

    await subject.ledger.swap(tenant, 2, changeOf({ keys: keyOf('', { dropDays: [TODAY] }) }));
    expect((await subject.ledger.read(tenant))?.keys).toBeUndefined();
  });

  it('keeps a hold for a key as it was given', async () => {
    const held = { ...HOLD, key: 'one' };
    await subject.ledger.swap(tenant, 0, changeOf({ holds: { a: held, b: HOLD } }));

    expect((await subject.ledger.read(tenant))?.holds).toEqual({ a: held, b: HOLD });
  });

  it('books an observation that is committed twice once', async () => {
    const id = ids.uuidv7();
    await subject.ledger.swap(tenant, 0, changeOf({ holds: { [id]: HOLD } }));
    const settled = settledOf(settlement(id, USED, HOLD));

    await subject.observations.commit([settled]);
    await subject.observations.commit([settled, settledOf(settlement(ids.uuidv7(), USED))]);

    expect(await subject.ledger.read(tenant)).toMatchObject({
      holds: {},
      days: { [TODAY]: { tokens: 14, cost_nano: 3_000_000_000 } },
    });
  });
});
