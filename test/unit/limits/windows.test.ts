import { describe, expect, it } from 'vitest';
import {
  packWindows,
  SHAPES,
  SlidingWindow,
  seenIn,
  unpackWindows,
  withSeen,
} from '../../../shared/services/admission/windows.ts';
import { NOON } from '../../support/fakes/limits.ts';

describe.each(Object.entries(SHAPES))('window of a %s', (_name, shape) => {
  const length = shape.bucketMs * shape.buckets;

  it('counts a request for its whole length', () => {
    const window = new SlidingWindow(shape);
    const lateInItsBucket = NOON + shape.bucketMs - 1;

    window.add(lateInItsBucket);

    expect(window.count(lateInItsBucket + length)).toBe(1);
  });

  it('forgets a request one bucket after its length', () => {
    const window = new SlidingWindow(shape);

    window.add(NOON);

    expect(window.count(NOON + length + shape.bucketMs - 1)).toBe(1);
    expect(window.count(NOON + length + shape.bucketMs)).toBe(0);
  });

  it('says when it has room, to the millisecond', () => {
    const window = new SlidingWindow(shape);
    window.add(NOON);
    window.add(NOON + shape.bucketMs);

    const wait = window.untilAtMost(1, NOON + shape.bucketMs);

    expect(window.count(NOON + shape.bucketMs + wait - 1)).toBe(2);
    expect(window.count(NOON + shape.bucketMs + wait)).toBe(1);
  });

  it('has no wait where there is room', () => {
    expect(new SlidingWindow(shape).untilAtMost(0, NOON)).toBe(0);
  });
});

describe('what is counted out of order', () => {
  it('counts from its own bucket, before and after others', () => {
    const window = new SlidingWindow(SHAPES.second);
    window.add(NOON, 2);
    window.add(NOON + 500, 3);

    window.add(NOON + 100, 4);
    window.add(NOON + 500, 1);

    expect(window.pairs()).toEqual([NOON / 50, 2, NOON / 50 + 2, 4, NOON / 50 + 10, 4]);
    expect(window.count(NOON + 100)).toBe(10);
    expect(window.count(NOON + 1_100)).toBe(8);
    expect(window.untilEmpty(NOON + 100)).toBe(1_450);
  });

  it('is taken back from its own bucket, and never more than was counted', () => {
    const window = new SlidingWindow(SHAPES.second);
    window.add(NOON, 2);
    window.add(NOON + 500, 3);

    window.takeBack(NOON + 500, 2);
    window.takeBack(NOON, 5);

    expect(window.pairs()).toEqual([NOON / 50 + 10, 1]);
    expect(window.count(NOON)).toBe(1);
  });
});

describe('the latest time that was seen', () => {
  it('is told apart from what counts later', () => {
    const second = new SlidingWindow(SHAPES.second);
    second.add(NOON + 500);
    const packed = withSeen(packWindows({ second }), NOON + 49);

    expect(seenIn(packed)).toBe(NOON);
    expect(unpackWindows(packed).second?.newest).toBe(NOON + 500);
    expect(seenIn(withSeen('', NOON))).toBe(NOON);
    expect(seenIn('')).toBe(0);
  });
});

describe('packed windows', () => {
  it('come back as they were', () => {
    const second = new SlidingWindow(SHAPES.second);
    const hour = new SlidingWindow(SHAPES.hour);
    for (const at of [0, 10, 60, 900]) second.add(NOON + at);
    for (const at of [0, 60_000, 3_000_000]) hour.add(NOON + at);

    const back = unpackWindows(packWindows({ second, hour }));

    expect(back.second?.pairs()).toEqual(second.pairs());
    expect(back.hour?.pairs()).toEqual(hour.pairs());
    expect(back.minute).toBeUndefined();
  });

  it('leave out what no longer counts', () => {
    const second = new SlidingWindow(SHAPES.second);
    second.add(NOON);
    second.add(NOON + 5_000);
    second.count(NOON + 5_000);

    expect(unpackWindows(packWindows({ second })).second?.pairs()).toEqual([(NOON + 5_000) / 50, 1]);
  });

  it('are empty when nothing counts', () => {
    expect(packWindows({ second: new SlidingWindow(SHAPES.second) })).toBe('');
    expect(unpackWindows('')).toEqual({});
  });

  it('pass over a window of another name', () => {
    expect(Object.keys(unpackWindows('x:1.1;m:1.1'))).toEqual(['minute']);
  });

  it('stay under two kilobytes with every bucket full of a hundred thousand', () => {
    const windows = Object.fromEntries(
      Object.entries(SHAPES).map(([name, shape]) => {
        const pairs = Array.from({ length: shape.buckets + 1 }, (_, index) => [
          Math.floor(NOON / shape.bucketMs) + index,
          100_000,
        ]).flat();
        return [name, new SlidingWindow(shape, pairs)];
      }),
    );

    expect(packWindows(windows).length).toBeLessThan(2_000);
  });
});
