/** Reading many items: in batches that the table takes, and again what it leaves undone. */
import { describe, expect, it } from 'vitest';
import { batchGet } from '../../../../shared/adapters/dynamodb/batch-get.ts';
import type { Item, Operations } from '../../../../shared/adapters/dynamodb/wire.ts';
import { scriptedDynamo } from '../../../support/fakes/clients.ts';
import { ManualClock } from '../../../support/fakes/manual-clock.ts';
import { drawing } from '../../../support/fakes/seeded-random.ts';

const TABLE = 'Observations';
const keysOf = (count: number): Item[] =>
  Array.from({ length: count }, (_, key) => ({ pk: { N: `${key}` } }));

/** A table that has every item and answers at most `most` keys of a call. */
const answeringAtMost = (most: number) => {
  const { client, sent } = scriptedDynamo((call) => {
    const { RequestItems } = call.input as Operations['BatchGetItem'][0];
    const { Keys = [] } = RequestItems[TABLE] ?? {};
    const left = Keys.slice(most);
    return {
      Responses: { [TABLE]: Keys.slice(0, most) },
      ...(left.length === 0 ? {} : { UnprocessedKeys: { [TABLE]: { Keys: left } } }),
    };
  });
  return { client, sent, table: TABLE, clock: new ManualClock({ autoAdvance: true }), random: drawing(0.5) };
};

describe('many items', () => {
  it('are read by a hundred, as many as there are', async () => {
    const deps = answeringAtMost(100);

    expect(await batchGet(deps, keysOf(250))).toHaveLength(250);
    expect(await batchGet(deps, [])).toEqual([]);

    expect(deps.sent).toHaveLength(3);
    expect(deps.clock.slept).toEqual([]);
  });

  it('are asked for again where the table left some undone, each time later', async () => {
    const deps = answeringAtMost(40);

    const items = await batchGet(deps, keysOf(100));

    expect(items).toEqual(keysOf(100));
    expect(deps.clock.slept).toEqual([10, 20]);
  });

  it('are unavailable where the table does none of them', async () => {
    const deps = answeringAtMost(0);

    await expect(batchGet(deps, keysOf(3))).rejects.toMatchObject({ code: 'unavailable' });
    expect(deps.sent).toHaveLength(6);
    expect(deps.clock.slept).toHaveLength(5);
  });
});
