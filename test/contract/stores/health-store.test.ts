/** One suite for every store of the models' health. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DynamoHealthStore } from '../../../shared/adapters/dynamodb/health-store.ts';
import { DynamoUsageLedger } from '../../../shared/adapters/dynamodb/usage-ledger.ts';
import type { DynamoClient } from '../../../shared/adapters/dynamodb/wire.ts';
import { MemoryHealthStore } from '../../../shared/adapters/memory/health-store.ts';
import type { HealthRecord } from '../../../shared/model/health.ts';
import type { HealthStore } from '../../../shared/ports/health-store.ts';
import { unknownHealth } from '../../../shared/services/health/breaker.ts';
import { startDynamo, type TestDynamo } from '../../support/dynamodb.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';
import { seededRandom } from '../../support/fakes/seeded-random.ts';
import { makeTable } from '../../support/store-tables.ts';

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

const ports = { clock: new ManualClock(), random: seededRandom(3) };

const SUBJECTS: [string, () => Promise<HealthStore>][] = [
  ['in memory', async () => new MemoryHealthStore()],
  [
    'in DynamoDB',
    async () => new DynamoHealthStore(dynamo.client, await makeTable(dynamo.sdk, 'Usage'), ports),
  ],
];

const aRecord = (version: number, fields: Partial<HealthRecord> = {}): HealthRecord => ({
  ...unknownHealth('a', '2026-01-01T00:00:00.000Z', version),
  ...fields,
});

describe.each(SUBJECTS)('health %s', (_, make) => {
  let health: HealthStore;
  beforeEach(async () => {
    health = await make();
  });

  it('knows of no model at first', async () => {
    expect(await health.list()).toEqual([]);
    expect(await health.get('a')).toBeUndefined();
  });

  it('gives back what was put last, each by its model', async () => {
    const open = { since: 1, until: 2, times: 3, probe_until: 4 };
    await health.swap(aRecord(1));
    const second = aRecord(2, { open, last_error: 'timeout', whole_p95: { ms: 1.5, samples: 7 } });
    expect(await health.swap(second)).toEqual({ swapped: true });
    await health.swap(aRecord(1, { adapter: 'b' }));

    expect(await health.get('a')).toEqual(second);
    expect(await health.list()).toEqual([second, aRecord(1, { adapter: 'b' })]);
  });

  it.each([1, 2, 4])('refuses version %s after 2, and answers what is there', async (version) => {
    await health.swap(aRecord(1));
    await health.swap(aRecord(2, { consecutive: 2 }));

    expect(await health.swap(aRecord(version, { consecutive: 9 }))).toEqual({
      swapped: false,
      current: aRecord(2, { consecutive: 2 }),
    });
  });

  it('refuses a later version of what is not there', async () => {
    expect(await health.swap(aRecord(5))).toEqual({ swapped: false, current: undefined });
  });

  it('lets one of many make a version', async () => {
    const results = await Promise.all(
      Array.from({ length: 6 }, (_, consecutive) => health.swap(aRecord(1, { consecutive }))),
    );

    const won = results.findIndex(({ swapped }) => swapped);
    expect(results.filter(({ swapped }) => swapped)).toHaveLength(1);
    expect((await health.get('a'))?.consecutive).toBe(won);
  });
});

describe('health in DynamoDB', () => {
  it('stands beside the quotas and is none', async () => {
    const table = await makeTable(dynamo.sdk, 'Usage');
    await new DynamoHealthStore(dynamo.client, table, ports).swap(aRecord(1));

    expect(await new DynamoUsageLedger(dynamo.client, table).listQuotas()).toEqual([]);
  });

  it('takes a write that the client had to repeat for its own', async () => {
    const table = await makeTable(dynamo.sdk, 'Usage');
    const twice: DynamoClient = {
      call: async (operation, input) => {
        if (operation === 'UpdateItem') await dynamo.client.call(operation, input);
        return dynamo.client.call(operation, input);
      },
    };

    expect(await new DynamoHealthStore(twice, table, ports).swap(aRecord(1))).toEqual({ swapped: true });
  });

  it('says so when it cannot answer', async () => {
    const away: DynamoClient = { call: () => Promise.reject(new Error('away')) };
    const health = new DynamoHealthStore(away, 'Usage', ports);

    for (const call of [health.list(), health.get('a'), health.swap(aRecord(1))])
      await expect(call).rejects.toMatchObject({ code: 'unavailable' });
  });
});
