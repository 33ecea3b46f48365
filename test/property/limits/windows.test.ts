/** Sliding windows against the plain definition: a list of times, and a count over every window of the stated length. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterSwap, type LedgerItem } from '../../../shared/ports/usage-ledger.ts';
import { admit, isLimited } from '../../../shared/services/admission/admit.ts';
import {
  packWindows,
  REQUEST_WINDOWS,
  type RequestWindow,
  SHAPES,
  SlidingWindow,
  unpackWindows,
} from '../../../shared/services/admission/windows.ts';
import { itemOf, NOON, requestsOf } from '../../support/fakes/limits.ts';

interface Arrival {
  after: number;
  count: number;
}

const LIMIT_OF = { second: 'rps', minute: 'rpm', hour: 'rph' } as const;
const lengthOf = (name: RequestWindow): number => SHAPES[name].bucketMs * SHAPES[name].buckets;

/** Pauses of the window's own scale: within a bucket, some buckets, and about its whole length. */
const arrivalsIn = (name: RequestWindow): fc.Arbitrary<Arrival[]> => {
  const { bucketMs } = SHAPES[name];
  const after = fc.oneof(
    fc.integer({ min: 0, max: bucketMs }),
    fc.integer({ min: 0, max: bucketMs * 6 }),
    fc.integer({ min: lengthOf(name) - bucketMs, max: lengthOf(name) + 2 * bucketMs }),
  );
  return fc.array(fc.record({ after, count: fc.integer({ min: 1, max: 5 }) }), {
    minLength: 1,
    maxLength: 40,
  });
};

interface Outcome {
  admittedAt: number[];
  refusals: { at: number; retryAfter: number; admittedBefore: number[]; item: LedgerItem }[];
}

/** Plays arrivals against the item, its state packed and unpacked between batches. */
const play = (item: LedgerItem, times: { at: number; count: number }[]): Outcome => {
  const outcome: Outcome = { admittedAt: [], refusals: [] };
  for (const { at, count } of times) {
    if (!isLimited(item)) throw new Error('the item has no limits');
    const { verdicts, change } = admit(item, requestsOf(count), at);
    if (change !== undefined) item = afterSwap(item, change);
    for (const verdict of verdicts) {
      if (verdict.admitted) outcome.admittedAt.push(at);
      else {
        const admittedBefore = [...outcome.admittedAt];
        outcome.refusals.push({ at, retryAfter: verdict.retry_after_ms, admittedBefore, item });
      }
    }
  }
  return outcome;
};

const timesOf = (arrivals: Arrival[]): { at: number; count: number }[] => {
  let at = NOON;
  return arrivals.map(({ after, count }) => {
    at += after;
    return { at, count };
  });
};

/** The most times within any interval of the stated length, both ends counted. */
const mostWithin = (sorted: number[], length: number): number =>
  Math.max(0, ...sorted.map((start) => sorted.filter((at) => at >= start && at <= start + length).length));

const limits = fc.integer({ min: 1, max: 12 });

describe.each(REQUEST_WINDOWS)('window of a %s', (name) => {
  const length = lengthOf(name);
  const { bucketMs } = SHAPES[name];

  it('never holds more than the limit, wherever it begins', () => {
    fc.assert(
      fc.property(limits, arrivalsIn(name), (limit, arrivals) => {
        const { admittedAt } = play(itemOf({ [LIMIT_OF[name]]: limit }), timesOf(arrivals));

        expect(mostWithin(admittedAt, length)).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 300 },
    );
  });

  it('refuses only what would be too much in a window one bucket longer', () => {
    fc.assert(
      fc.property(limits, arrivalsIn(name), (limit, arrivals) => {
        const { refusals } = play(itemOf({ [LIMIT_OF[name]]: limit }), timesOf(arrivals));

        for (const { at, admittedBefore } of refusals) {
          const counted = admittedBefore.filter((time) => time > at - length - bucketMs).length;
          expect(counted).toBeGreaterThanOrEqual(limit);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('has room when a refusal said so, and not a millisecond before', () => {
    fc.assert(
      fc.property(limits, arrivalsIn(name), (limit, arrivals) => {
        const { refusals } = play(itemOf({ [LIMIT_OF[name]]: limit }), timesOf(arrivals));
        const last = refusals.at(-1);
        fc.pre(last !== undefined);

        const admittedAfter = (wait: number): number =>
          play(last.item, [{ at: last.at + wait, count: 1 }]).admittedAt.length;
        expect(admittedAfter(last.retryAfter)).toBe(1);
        expect(admittedAfter(last.retryAfter - 1)).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});

describe('clocks that differ and go back', () => {
  const arrival = fc.record({
    after: fc.integer({ min: -3_000, max: 5_000 }),
    count: fc.integer({ min: 1, max: 4 }),
  });
  /** What counts as the time: never before the bucket of the newest request that passed. */
  const seenTimes = (item: LedgerItem, arrivals: Arrival[]): number[] => {
    const seen: number[] = [];
    let newest = 0;
    for (const { at, count } of timesOf(arrivals)) {
      if (!isLimited(item)) throw new Error('the item has no limits');
      const now = Math.max(at, newest);
      const { verdicts, change } = admit(item, requestsOf(count), at);
      if (change === undefined) continue;
      item = afterSwap(item, change);
      newest = now - (now % SHAPES.second.bucketMs);
      for (const { admitted } of verdicts) if (admitted) seen.push(now);
    }
    return seen;
  };

  it('open no window for more than its limit, since time never goes back', () => {
    const arrivals = fc.array(arrival, { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(limits, limits, arrivals, (rps, rpm, sequence) => {
        const seen = seenTimes(itemOf({ rps, rpm }), sequence);

        expect(mostWithin(seen, lengthOf('second'))).toBeLessThanOrEqual(rps);
        expect(mostWithin(seen, lengthOf('minute'))).toBeLessThanOrEqual(rpm);
      }),
      { numRuns: 300 },
    );
  });
});

describe('packed windows', () => {
  it('come back as they were', () => {
    const windowOf = (name: RequestWindow) =>
      fc
        .array(fc.integer({ min: 0, max: lengthOf(name) }), { minLength: 1, maxLength: 80 })
        .map((offsets) => {
          const window = new SlidingWindow(SHAPES[name]);
          for (const offset of offsets.sort((a, b) => a - b)) window.add(NOON + offset);
          return window;
        });
    const windows = fc.record(
      { second: windowOf('second'), minute: windowOf('minute'), hour: windowOf('hour') },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(windows, (before) => {
        const after = unpackWindows(packWindows(before));

        for (const name of REQUEST_WINDOWS) expect(after[name]?.pairs()).toEqual(before[name]?.pairs());
      }),
    );
  });
});
