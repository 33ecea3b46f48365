/** What `learn` wrote is read whole, and what cannot be read is left to its prior. */
import { type AttributeValue, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DynamoLearningState } from '../../../shared/adapters/dynamodb/learning-state.ts';
import { MemoryLearningState } from '../../../shared/adapters/memory/learning-state.ts';
import { decodeArmState } from '../../../shared/model/selection.ts';
import { startDynamo, type TestDynamo } from '../../support/dynamodb.ts';
import { makeTable } from '../../support/store-tables.ts';

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

/** Format 1: the format's number, n, sum, sum of squares, count. */
const packed = (n: number, sum: number, sumSquares: number, count: number, bytes = 33): Uint8Array => {
  const view = new DataView(new ArrayBuffer(bytes));
  view.setUint8(0, 1);
  [n, sum, sumSquares].forEach((value, index) => {
    view.setFloat64(1 + 8 * index, value, true);
  });
  view.setUint32(25, count, true);
  return new Uint8Array(view.buffer);
};

const tableOf = async (
  arms: Record<string, Record<string, AttributeValue>>,
): Promise<DynamoLearningState> => {
  const TableName = await makeTable(dynamo.sdk, 'Learning');
  for (const [arm, attributes] of Object.entries(arms)) {
    const Item = { policy: { S: 'default' }, arm: { S: arm }, ...attributes };
    await dynamo.sdk.send(new PutItemCommand({ TableName, Item }));
  }
  return new DynamoLearningState(dynamo.client, TableName, decodeArmState);
};

const EMPTY = { version: 0, freshness: 'fresh', arms: new Map() };

describe('learnt state', () => {
  it('is empty for a policy that nothing was learnt of, in memory as in DynamoDB', async () => {
    expect(await (await tableOf({})).read('default')).toEqual(EMPTY);
    expect(await new MemoryLearningState().read('default')).toEqual(EMPTY);
  });

  it('gives every arm, and the version', async () => {
    const state = await tableOf({
      '#head': { version: { N: '7' } },
      a: { state: { B: packed(2, 1.5, 1.25, 3) } },
      b: { state: { B: packed(1, 0, 0, 1) } },
    });

    expect(await state.read('default')).toEqual({
      version: 7,
      freshness: 'fresh',
      arms: new Map([
        ['a', { n: 2, sum: 1.5, sumSquares: 1.25, count: 3 }],
        ['b', { n: 1, sum: 0, sumSquares: 0, count: 1 }],
      ]),
    });
  });

  it('leaves out arms that cannot be read', async () => {
    const state = await tableOf({
      short: { state: { B: packed(1, 1, 1, 1).subarray(0, 20) } },
      impossible: { state: { B: packed(1, 2, 1, 1) } },
      nothing: {},
      good: { state: { B: packed(1, 1, 1, 1) } },
    });

    expect([...(await state.read('default')).arms.keys()]).toEqual(['good']);
  });

  it('reads on where it is larger than a page', async () => {
    const arms = Array.from({ length: 6 }, (_, index) => [
      `arm-${index}`,
      { state: { B: packed(1, 1, 1, 1, 250_000) } },
    ]);
    const state = await tableOf(Object.fromEntries(arms) as Record<string, Record<string, AttributeValue>>);

    expect((await state.read('default')).arms.size).toBe(6);
  });

  it('is kept in memory as it was set', async () => {
    const state = new MemoryLearningState();
    const learnt = { version: 2, freshness: 'fresh' as const, arms: new Map() };

    state.set('default', learnt);

    expect(await state.read('default')).toBe(learnt);
  });
});
