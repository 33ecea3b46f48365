import { describe, expect, it } from 'vitest';
import type { RateLimit, Verdict } from '../../../shared/model/quota.ts';
import { afterSwap, type LedgerItem } from '../../../shared/ports/usage-ledger.ts';
import { admit, isLimited } from '../../../shared/services/admission/admit.ts';
import { itemOf, NOON, quotaOf, requestsOf } from '../../support/fakes/limits.ts';

const passed = (verdicts: Verdict[]): number => verdicts.filter(({ admitted }) => admitted).length;

/** The item after `count` requests at a time. */
const afterwards = (item: LedgerItem, count: number, now: number): LedgerItem => {
  if (!isLimited(item)) throw new Error('the item has no limits');
  const { change } = admit(item, requestsOf(count), now);
  return change === undefined ? item : afterSwap(item, change);
};

const admitTo = (item: LedgerItem, count: number, now: number): Verdict[] => {
  if (!isLimited(item)) throw new Error('the item has no limits');
  return admit(item, requestsOf(count), now).verdicts;
};

describe('request windows', () => {
  it('let exactly the limit pass in one batch', () => {
    expect(passed(admitTo(itemOf({ rps: 5 }), 10, NOON))).toBe(5);
  });

  it('let exactly the limit pass over batches', () => {
    const item = afterwards(itemOf({ rps: 5 }), 3, NOON);

    expect(passed(admitTo(item, 10, NOON + 400))).toBe(2);
  });

  it('change nothing when all are refused', () => {
    const item = itemOf({ rps: 0 });

    expect(admit(item, requestsOf(2), NOON)).not.toHaveProperty('change');
  });

  it.each<[keyof RateLimit, string, number]>([
    ['rps', 'second', 1_050],
    ['rpm', 'minute', 61_000],
    ['rph', 'hour', 3_660_000],
  ])('name the window of %s and when it has room', (limit, window, wait) => {
    const item = afterwards(itemOf({ [limit]: 1 }), 1, NOON);

    const [verdict] = admitTo(item, 1, NOON);

    expect(verdict).toMatchObject({
      admitted: false,
      limit: { window, limit: 1, remaining: 0, reset_ms: wait },
      retry_after_ms: wait,
    });
  });

  it('let the next one pass exactly when they said', () => {
    const item = afterwards(itemOf({ rps: 1, rpm: 100 }), 1, NOON + 20);
    const [verdict] = admitTo(item, 1, NOON + 30);
    const wait = verdict?.admitted === false ? verdict.retry_after_ms : 0;

    expect(passed(admitTo(item, 1, NOON + 30 + wait - 1))).toBe(0);
    expect(passed(admitTo(item, 1, NOON + 30 + wait))).toBe(1);
  });

  it('name the longest wait where two windows are full', () => {
    const item = afterwards(itemOf({ rps: 1, rph: 1 }), 1, NOON);

    expect(admitTo(item, 1, NOON)[0]).toMatchObject({ admitted: false, limit: { window: 'hour' } });
  });

  it('let nothing pass at a limit of 0', () => {
    const [verdict] = admitTo(itemOf({ rpm: 0 }), 1, NOON);

    expect(verdict).toMatchObject({ admitted: false, retry_after_ms: 60_000 });
  });

  it('carry the window with the least share left', () => {
    const item = afterwards(itemOf({ rps: 100, rpm: 4 }), 1, NOON);

    const [verdict] = admitTo(item, 1, NOON);

    expect(verdict?.limits).toMatchObject([
      { window: 'minute', limit: 4, remaining: 2 },
      { window: 'second', limit: 100, remaining: 98 },
    ]);
  });

  it('carry no window where only budgets are limited', () => {
    const [verdict] = admitTo(itemOf({ tokens_per_day: 10 }), 1, NOON);

    expect(verdict).not.toHaveProperty('limit');
  });

  it('count on when the clock goes back by less and by more than a bucket', () => {
    const item = afterwards(itemOf({ rps: 2 }), 1, NOON + 10_000);

    const back = afterwards(item, 1, NOON);

    expect(passed(admitTo(back, 1, NOON + 9_000))).toBe(0);
    expect(passed(admitTo(back, 1, NOON + 10_900))).toBe(0);
  });

  it('keep their counts when another limit is put in force', () => {
    const item = { ...afterwards(itemOf({ rps: 5 }), 5, NOON), quota: quotaOf({ rps: 7 }) };

    expect(passed(admitTo(item, 10, NOON + 100))).toBe(2);
  });

  it('take a hundred thousand requests a second', () => {
    expect(passed(admitTo(itemOf({ rps: 100_000 }), 100_001, NOON))).toBe(100_000);
  });
});

describe('burst multiplier', () => {
  it.each([
    [5, 2, 10],
    [5, 1.5, 7],
    [100, 1.15, 115],
    [1, 1, 1],
    [0, 100, 0],
  ])('makes %i a second with %f into %i', (rps, burst, expected) => {
    const item = { ...itemOf({}), quota: quotaOf({ rps }, burst) };

    expect(passed(admitTo(item, 200, NOON))).toBe(expected);
  });

  it('leaves the minute alone', () => {
    const item = { ...itemOf({}), quota: quotaOf({ rpm: 3 }, 10) };

    expect(passed(admitTo(item, 10, NOON))).toBe(3);
  });
});

describe('isLimited', () => {
  it('holds for any one limit, 0 included', () => {
    expect(isLimited(itemOf({ concurrent: 0 }))).toBe(true);
  });

  it('does not hold without a quota, or with an empty one', () => {
    expect(isLimited({ version: 0, days: {}, holds: {} })).toBe(false);
    expect(isLimited(itemOf({}))).toBe(false);
  });
});
