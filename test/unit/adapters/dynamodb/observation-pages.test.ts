import { describe, expect, it } from 'vitest';
import {
  checkCursor,
  daysBack,
  merge,
  pageOf,
} from '../../../../shared/adapters/dynamodb/observation-pages.ts';
import type { Observation } from '../../../../shared/model/observation.ts';
import { Happened } from '../../../support/fakes/happened.ts';
import { ManualClock } from '../../../support/fakes/manual-clock.ts';

const happened = new Happened(new ManualClock());
/** Oldest first. */
const [a, b, c, d] = Array.from({ length: 4 }, () => happened.make().observation) as [
  Observation,
  Observation,
  Observation,
  Observation,
];

describe('slices', () => {
  it('merge newest first, each observation once', () => {
    expect(merge([{ items: [d, b] }, { items: [c, b, a] }], 10)).toEqual({ items: [d, c, b, a] });
  });

  it('count only as far down as all of them are complete', () => {
    expect(merge([{ items: [d], readTo: c.id }, { items: [b, a] }], 10)).toEqual({
      items: [d],
      readTo: c.id,
    });
  });

  it('are complete down to the highest end of them', () => {
    const slices = [
      { items: [d, b], readTo: b.id },
      { items: [c], readTo: c.id },
    ];

    expect(merge(slices, 10)).toEqual({ items: [d, c], readTo: c.id });
  });

  it('go on below the last that fits the page', () => {
    expect(merge([{ items: [d, b] }, { items: [c, a] }], 2)).toEqual({ items: [d, c], readTo: c.id });
  });

  it('that just fit a page and have ended need no other', () => {
    expect(merge([{ items: [d, c] }], 2)).toEqual({ items: [d, c] });
  });

  it('of nothing are nothing', () => {
    expect(merge([], 5)).toEqual({ items: [] });
  });
});

describe('a cursor', () => {
  it('leads on below the id that was read to', () => {
    const { cursor } = pageOf({ items: [], readTo: b.id });

    expect(checkCursor(cursor ?? '')).toBe(b.id);
  });

  it('is left out where all was read', () => {
    expect(pageOf({ items: [a] })).toEqual({ items: [a] });
  });
});

describe('days back', () => {
  it('take in the first and the last, over the end of a month', () => {
    const days = daysBack(Date.parse('2026-03-01T00:10:00Z'), Date.parse('2026-02-27T23:50:00Z'));

    expect(days).toEqual(['2026-03-01', '2026-02-28', '2026-02-27']);
  });

  it('are none where the newest is older than the oldest', () => {
    expect(daysBack(Date.parse('2026-01-01T00:00:00Z'), Date.parse('2026-01-02T00:00:00Z'))).toEqual([]);
  });
});
