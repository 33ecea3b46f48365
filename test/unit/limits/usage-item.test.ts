import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../shared/adapters/aws/aws-error.ts';
import { makeDynamoClient } from '../../../shared/adapters/dynamodb/client.ts';
import { settlementUpdates, swapExpression } from '../../../shared/adapters/dynamodb/usage-item.ts';
import { DynamoUsageLedger } from '../../../shared/adapters/dynamodb/usage-ledger.ts';
import type { DynamoClient, TransactWriteItem, UpdateInput } from '../../../shared/adapters/dynamodb/wire.ts';
import { systemClock, systemRandom } from '../../../shared/adapters/runtime/system.ts';
import { scriptedDynamo } from '../../support/fakes/clients.ts';
import { quotaOf, settlementOf, TENANT, TODAY } from '../../support/fakes/limits.ts';

const HOLD = { tokens: 1e12, cost_nano: 1e18, expires_at: 2e12 };
const EXPRESSION_BYTES = 4_096;

const uuid = (index: number): string => `0199c0de-0000-7000-8000-${String(index).padStart(12, '0')}`;

/** Answers `conflicts` times that a transaction is under way, except to reads, then with `reply`. */
const clientWith = (conflicts: number, reply: object): { client: DynamoClient; calls: () => number } => {
  const { client, sent } = scriptedDynamo(({ input }) => {
    if (sent.length <= conflicts && !('ConsistentRead' in input)) {
      throw new AwsError('TransactionConflictException', 400);
    }
    return reply;
  });
  return { client, calls: () => sent.length };
};

const updatesOf = (items: TransactWriteItem[]): UpdateInput[] =>
  items.flatMap((item) => ('Update' in item ? [item.Update] : []));

describe('the largest swap', () => {
  it('fits an update expression', () => {
    const { UpdateExpression, ConditionExpression } = swapExpression(1e9, {
      windows: '',
      holds: Object.fromEntries(Array.from({ length: 200 }, (_, index) => [uuid(index), HOLD])),
      dropHolds: Array.from({ length: 100 }, (_, index) => uuid(1_000 + index)),
      dropDays: Array.from({ length: 31 }, (_, index) => `2026-01-${index}`),
      atMost: { day: TODAY, tokens: 1e12, cost_nano: 1e18 },
    }).input;

    expect(UpdateExpression.length).toBeLessThan(EXPRESSION_BYTES);
    expect(ConditionExpression?.length).toBeLessThan(EXPRESSION_BYTES);
  });
});

describe('settlementUpdates', () => {
  it('make one update for each tenant, whatever the number of settlements and days', () => {
    const other = { ...settlementOf('c', { tokens: 1 }), tenant_id: 'other' };
    const settlements = [
      settlementOf('a', { tokens: 1 }, HOLD),
      settlementOf('b', { tokens: 2, day: '2026-01-04' }),
      other,
    ];

    const updates = updatesOf(settlementUpdates('Usage')(settlements));

    expect(updates.map(({ Key }) => Key.pk?.S)).toEqual([`tenant#${TENANT}`, 'tenant#other']);
  });

  it('touch neither the version nor the windows', () => {
    const [update] = updatesOf(
      settlementUpdates('Usage')([settlementOf('a', { tokens: 1, cost_nano: 2 }, HOLD)]),
    );

    expect(Object.values(update?.ExpressionAttributeNames ?? {})).toEqual([
      `tokens#${TODAY}`,
      `cost#${TODAY}`,
      'hold#a',
    ]);
    expect(update).not.toHaveProperty('ConditionExpression');
  });

  it('write large sums as plain digits', () => {
    const [update] = updatesOf(
      settlementUpdates('Usage')([settlementOf('a', { tokens: 1e12, cost_nano: 1e18 })]),
    );

    expect(Object.values(update?.ExpressionAttributeValues ?? {})).toEqual([
      { N: '1000000000000' },
      { N: '1000000000000000000' },
    ]);
  });
});

describe('a settlement under way', () => {
  it('makes a swap lose, with the item as it is', async () => {
    const { client } = clientWith(1, { Item: { version: { N: '7' } } });
    const change = { windows: '', holds: {}, dropHolds: [], dropDays: [] };

    const result = await new DynamoUsageLedger(client, 'Usage').swap(TENANT, 6, change);

    expect(result).toEqual({ swapped: false, current: { version: 7, days: {}, holds: {} } });
  });

  it('does not keep a quota from being put', async () => {
    const { client, calls } = clientWith(3, {});

    await new DynamoUsageLedger(client, 'Usage').putQuota(quotaOf({ rps: 5 }));

    expect(calls()).toBe(5);
  });

  it('that never ends makes a quota fail', async () => {
    const { client } = clientWith(1_000, {});

    await expect(new DynamoUsageLedger(client, 'Usage').putQuota(quotaOf({ rps: 5 }))).rejects.toMatchObject({
      code: 'unavailable',
    });
  });
});

describe('a store that cannot be reached', () => {
  it('makes every call unavailable', async () => {
    const client = makeDynamoClient({
      region: 'eu-central-1',
      endpoint: 'http://127.0.0.1:1',
      attempts: 1,
      credentials: async () => ({ accessKeyId: 'test', secretAccessKey: 'test' }),
      clock: systemClock(),
      random: systemRandom(),
    });
    const ledger = new DynamoUsageLedger(client, 'Usage');
    const change = { windows: '', holds: {}, dropHolds: [], dropDays: [] };

    const calls = [
      ledger.read(TENANT),
      ledger.swap(TENANT, 1, change),
      ledger.putQuota(quotaOf({})),
      ledger.listQuotas(),
    ];

    for (const call of await Promise.allSettled(calls)) {
      expect(call).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } });
    }
  });
});
