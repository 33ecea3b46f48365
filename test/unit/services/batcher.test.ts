import { describe, expect, it } from 'vitest';
import { Batcher } from '../../../shared/services/batcher.ts';

/** Flushes that end when the test says so. */
const gated = () => {
  const flushes: { items: number[]; end: () => void; fail: (error: Error) => void }[] = [];
  const flush = (items: number[]): Promise<number[]> =>
    new Promise((resolve, reject) => {
      flushes.push({ items, end: () => resolve(items.map((item) => item * 10)), fail: reject });
    });
  return { flushes, flush };
};

const turn = async (): Promise<void> => {
  for (let count = 0; count < 4; count++) await new Promise((resolve) => setImmediate(resolve));
};

describe('Batcher', () => {
  it('flushes a lone item in the next turn of the event loop', async () => {
    const { flushes, flush } = gated();
    const batcher = new Batcher(flush, { maxBatch: 10 });

    void batcher.add(1);
    await turn();

    expect(flushes.map(({ items }) => items)).toEqual([[1]]);
  });

  it('flushes a lone item at once where another flush may go beside it; who comes then has a turn to share', async () => {
    const { flushes, flush } = gated();
    const batcher = new Batcher(flush, { maxBatch: 10, maxInFlight: 2 });

    void batcher.add(1);
    await Promise.resolve();
    expect(flushes.map(({ items }) => items)).toEqual([[1]]);

    void batcher.add(2);
    await Promise.resolve();
    void batcher.add(3);
    await turn();
    expect(flushes.map(({ items }) => items)).toEqual([[1], [2, 3]]);
  });

  it('shares one flush among the items of one turn, each with its own result', async () => {
    const { flushes, flush } = gated();
    const batcher = new Batcher(flush, { maxBatch: 10 });

    const results = Promise.all([batcher.add(1), batcher.add(2), batcher.add(3)]);
    await turn();
    flushes[0]?.end();

    expect(await results).toEqual([10, 20, 30]);
    expect(flushes).toHaveLength(1);
  });

  it('queues what arrives during a flush, and takes it all in the next one', async () => {
    const { flushes, flush } = gated();
    const batcher = new Batcher(flush, { maxBatch: 10 });
    const first = batcher.add(1);
    await turn();

    const later = Promise.all([batcher.add(2), batcher.add(3)]);
    await turn();
    const whileUnderWay = flushes.length;
    flushes[0]?.end();
    await turn();
    flushes[1]?.end();

    expect(whileUnderWay).toBe(1);
    expect(await first).toBe(10);
    expect(await later).toEqual([20, 30]);
    expect(flushes[1]?.items).toEqual([2, 3]);
  });

  it('never flushes more than maxBatch at once', async () => {
    const { flushes, flush } = gated();
    const batcher = new Batcher(flush, { maxBatch: 2, gatherMs: 0 });

    const results = Promise.all([1, 2, 3, 4, 5].map((item) => batcher.add(item)));
    for (let count = 0; count < 3; count++) {
      await turn();
      flushes[count]?.end();
    }

    expect(await results).toEqual([10, 20, 30, 40, 50]);
    expect(flushes.map(({ items }) => items)).toEqual([[1, 2], [3, 4], [5]]);
  });

  it('takes sixteen of those that wait, or half of them', async () => {
    const { flushes, flush } = gated();
    const batcher = new Batcher(flush, { maxBatch: 100, gatherMs: 0 });

    for (let item = 0; item < 60; item++) void batcher.add(item);
    for (let count = 0; count < 4; count++) {
      await turn();
      flushes[count]?.end();
    }

    expect(flushes.map(({ items }) => items.length)).toEqual([30, 16, 14]);
  });

  it('runs at most maxInFlight flushes side by side', async () => {
    const { flushes, flush } = gated();
    const batcher = new Batcher(flush, { maxBatch: 1, maxInFlight: 2 });

    const results = Promise.all([1, 2, 3].map((item) => batcher.add(item)));
    await turn();
    const sideBySide = flushes.length;
    flushes[0]?.end();
    await turn();
    flushes[1]?.end();
    flushes[2]?.end();

    expect(sideBySide).toBe(2);
    expect(await results).toEqual([10, 20, 30]);
  });

  it('fails the items of a failed flush and no others', async () => {
    const { flushes, flush } = gated();
    const batcher = new Batcher(flush, { maxBatch: 2, gatherMs: 0 });

    const outcomes = Promise.allSettled([1, 2, 3].map((item) => batcher.add(item)));
    await turn();
    flushes[0]?.fail(new Error('the store is away'));
    await turn();
    flushes[1]?.end();

    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  });

  it('fails its items when a flush throws at once, and goes on', async () => {
    let isBroken = true;
    const batcher = new Batcher<number, number>(
      (items) => {
        if (isBroken) throw new Error('broken');
        return Promise.resolve(items);
      },
      { maxBatch: 10 },
    );

    await expect(batcher.add(1)).rejects.toThrow('broken');
    isBroken = false;

    expect(await batcher.add(2)).toBe(2);
  });

  describe('after a flush that two items shared', () => {
    const shared = async (gatherMs: number) => {
      const { flushes, flush } = gated();
      const batcher = new Batcher(flush, { maxBatch: 10, gatherMs });
      const both = Promise.all([batcher.add(1), batcher.add(2)]);
      await turn();
      flushes[0]?.end();
      await both;
      return { flushes, batcher };
    };

    it('waits for as many to gather, and no longer', async () => {
      const { flushes, batcher } = await shared(60_000);

      void batcher.add(3);
      await turn();
      const before = flushes.length;
      void batcher.add(4);
      await turn();

      expect(before).toBe(1);
      expect(flushes[1]?.items).toEqual([3, 4]);
    });

    it('flushes what there is when the time is over, and a lone item after that at once', async () => {
      const { flushes, batcher } = await shared(5);

      const third = batcher.add(3);
      while (flushes.length < 2) await turn();
      flushes[1]?.end();
      await third;
      void batcher.add(4);
      await turn();

      expect(flushes.map(({ items }) => items)).toEqual([[1, 2], [3], [4]]);
    });

    it('waits for nobody where it is told not to', async () => {
      const { flushes, batcher } = await shared(0);

      void batcher.add(3);
      await turn();

      expect(flushes[1]?.items).toEqual([3]);
    });
  });
});
