import { DynamoDBClient, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { settlementUpdates, swapExpression } from '../../../shared/adapters/dynamodb/usage-item.ts';
import { DynamoUsageLedger } from '../../../shared/adapters/dynamodb/usage-ledger.ts';
import { quotaOf, settlementOf, TENANT, TODAY } from '../../support/fakes/limits.ts';

const HOLD = { tokens: 1e12, cost_nano: 1e18, expires_at: 2e12 };
const EXPRESSION_BYTES = 4_096;

const uuid = (index: number): string => `0199c0de-0000-7000-8000-${String(index).padStart(12, '0')}`;

/** Answers without a network: `conflicts` times that a transaction is under way, then with `reply`. */
const clientWith = (conflicts: number, reply: object): { client: DynamoDBClient; calls: () => number } => {
  const client = new DynamoDBClient({ region: 'eu-central-1', endpoint: 'http://127.0.0.1:1' });
  let calls = 0;
  client.middlewareStack.add(
    () => async (args) => {
      calls += 1;
      if (calls <= conflicts && !('ConsistentRead' in args.input)) {
        throw new TransactionConflictException({ message: 'under way', $metadata: {} });
      }
      return { output: { $metadata: {}, ...reply }, response: {} };
    },
    { step: 'initialize' },
  );
  return { client, calls: () => calls };
};

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

    const updates = settlementUpdates('Usage')(settlements);

    expect(updates.map(({ Update }) => Update?.Key?.pk?.S)).toEqual([`tenant#${TENANT}`, 'tenant#other']);
  });

  it('touch neither the version nor the windows', () => {
    const [update] = settlementUpdates('Usage')([settlementOf('a', { tokens: 1, cost_nano: 2 }, HOLD)]);

    expect(Object.values(update?.Update?.ExpressionAttributeNames ?? {})).toEqual([
      `tokens#${TODAY}`,
      `cost#${TODAY}`,
      'hold#a',
    ]);
    expect(update?.Update).not.toHaveProperty('ConditionExpression');
  });

  it('write large sums as plain digits', () => {
    const [update] = settlementUpdates('Usage')([settlementOf('a', { tokens: 1e12, cost_nano: 1e18 })]);

    expect(Object.values(update?.Update?.ExpressionAttributeValues ?? {})).toEqual([
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
    const client = new DynamoDBClient({
      region: 'eu-central-1',
      endpoint: 'http://127.0.0.1:1',
      maxAttempts: 1,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
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
