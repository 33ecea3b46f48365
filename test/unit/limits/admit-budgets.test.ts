import { describe, expect, it } from 'vitest';
import { afterSettlement, afterSwap, type LedgerItem, useOf } from '../../../shared/ports/usage-ledger.ts';
import { admit, isLimited } from '../../../shared/services/admission/admit.ts';
import { itemOf, NOON, requestOf, requestsOf, settlementOf, TODAY } from '../../support/fakes/limits.ts';

const EVENING = Date.parse('2026-01-05T23:59:59.000Z');

const limited = (item: LedgerItem) => {
  if (!isLimited(item)) throw new Error('the item has no limits');
  return item;
};

const holding = (item: LedgerItem, id: string, asked: { tokens?: number; cost_usd?: number }, now = NOON) => {
  const { change } = admit(limited(item), [requestOf(id, { hold_ms: 1_000, ...asked })], now);
  if (change === undefined) throw new Error('it was refused');
  return limited(afterSwap(item, change));
};

/** The change of a request that asks for nothing. */
const admitted = (item: LedgerItem, now: number) => {
  const { change } = admit(limited(item), [requestOf('zero')], now);
  if (change === undefined) throw new Error('it was refused');
  return change;
};

const verdictOf = (item: LedgerItem, asked: { tokens?: number; cost_usd?: number }, now = NOON) =>
  admit(limited(item), [requestOf('next', asked)], now).verdicts[0];

describe('tokens a day', () => {
  it('pass up to the limit and not one more', () => {
    const item = holding(itemOf({ tokens_per_day: 100 }), 'a', { tokens: 60 });

    expect(verdictOf(item, { tokens: 40 })?.admitted).toBe(true);
    expect(verdictOf(item, { tokens: 41 })).toMatchObject({
      admitted: false,
      limit: { window: 'tokens_per_day', limit: 100, remaining: 40 },
    });
  });

  it('free what a settled request did not use', () => {
    const item = holding(itemOf({ tokens_per_day: 100 }), 'a', { tokens: 90 });

    const settled = afterSettlement(item, settlementOf('a', { tokens: 30 }));

    expect(verdictOf(settled, { tokens: 70 })?.admitted).toBe(true);
    expect(verdictOf(settled, { tokens: 71 })?.admitted).toBe(false);
  });

  it('wait a moment where settling may make room, else until midnight', () => {
    const item = holding(itemOf({ tokens_per_day: 100 }), 'a', { tokens: 90 });

    expect(verdictOf(item, { tokens: 20 })).toMatchObject({ retry_after_ms: 1_000 });
    expect(verdictOf(item, { tokens: 101 })).toMatchObject({ retry_after_ms: 43_200_000 });
  });

  it('begin anew at midnight', () => {
    const item = itemOf({ tokens_per_day: 100 }, { days: { [TODAY]: { tokens: 100, cost_nano: 0 } } });

    expect(verdictOf(item, { tokens: 1 }, EVENING)).toMatchObject({ retry_after_ms: 1_000 });
    expect(verdictOf(item, { tokens: 100 }, EVENING + 1_000)?.admitted).toBe(true);
  });

  it('stay in the new day when another clock is still in the old one', () => {
    const limits = { rps: 10, tokens_per_day: 100 };
    const item = itemOf(limits, { days: { '2026-01-06': { tokens: 100, cost_nano: 0 } } });
    const past = limited(afterSwap(item, admitted(item, EVENING + 1_000)));

    expect(verdictOf(past, { tokens: 1 }, EVENING)).toMatchObject({
      limit: { window: 'tokens_per_day', remaining: 0 },
    });
  });

  it('are a trillion if need be', () => {
    const item = itemOf({ tokens_per_day: 1e12 }, { days: { [TODAY]: { tokens: 1e12 - 5, cost_nano: 0 } } });

    expect(verdictOf(item, { tokens: 5 })?.admitted).toBe(true);
    expect(verdictOf(item, { tokens: 6 })?.admitted).toBe(false);
  });
});

describe('dollars a day', () => {
  it('are refused with a window of their own', () => {
    const item = holding(itemOf({ cost_per_day_usd: 1 }), 'a', { cost_usd: 0.75 });

    expect(verdictOf(item, { cost_usd: 0.25 })?.admitted).toBe(true);
    expect(verdictOf(item, { cost_usd: 0.26 })).toMatchObject({
      admitted: false,
      limit: { window: 'cost_per_day_usd', limit: 1, remaining: 0.25 },
    });
  });

  it('add up without rounding: ten dimes are a dollar', () => {
    const item = itemOf({ cost_per_day_usd: 1 });

    const { verdicts } = admit(item, requestsOf(11, { cost_usd: 0.1 }), NOON);

    expect(verdicts.map(({ admitted }) => admitted)).toEqual([...Array(10).fill(true), false]);
  });

  it('are a billion if need be', () => {
    const item = itemOf({ cost_per_day_usd: 1e9 }, { days: { [TODAY]: { tokens: 0, cost_nano: 9e17 } } });

    expect(verdictOf(item, { cost_usd: 1e8 })?.admitted).toBe(true);
    expect(verdictOf(item, { cost_usd: 1.1e8 })?.admitted).toBe(false);
  });

  it('outlast a full second as the reason', () => {
    const item = itemOf(
      { rps: 0, cost_per_day_usd: 1 },
      { days: { [TODAY]: { tokens: 0, cost_nano: 1e9 } } },
    );

    expect(verdictOf(item, { cost_usd: 0.1 })).toMatchObject({ limit: { window: 'cost_per_day_usd' } });
  });
});

describe('requests in flight', () => {
  it('are counted until they settle', () => {
    const item = holding(itemOf({ concurrent: 1 }), 'a', {});

    expect(verdictOf(item, {})).toMatchObject({ limit: { window: 'concurrent', limit: 1 } });
    expect(verdictOf(afterSettlement(item, settlementOf('a', {})), {})?.admitted).toBe(true);
  });
});

describe('holds', () => {
  it('are kept only where something needs them', () => {
    const { verdicts, change } = admit(itemOf({ rps: 5 }), [requestOf('a', { tokens: 5 })], NOON);

    expect(verdicts[0]).not.toHaveProperty('held');
    expect(change?.holds).toEqual({});
    expect(change).not.toHaveProperty('atMost');
  });

  it('expire by themselves, and go with the next swap', () => {
    const item = holding(itemOf({ concurrent: 1, tokens_per_day: 10 }), 'a', { tokens: 10 });

    expect(verdictOf(item, { tokens: 10 }, NOON + 999)?.admitted).toBe(false);
    const { verdicts, change } = admit(item, [requestOf('b', { tokens: 10 })], NOON + 1_000);

    expect(verdicts[0]?.admitted).toBe(true);
    expect(change?.dropHolds).toEqual(['a']);
  });

  it('go a hundred at a time, since an expression is bounded, and free their budget at once', () => {
    const hold = { tokens: 1, cost_nano: 0, expires_at: NOON };
    const holds = Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`h${index}`, hold]));

    const { verdicts, change } = admit(
      itemOf({ tokens_per_day: 1 }, { holds }),
      [requestOf('a', { tokens: 1 })],
      NOON,
    );

    expect(verdicts[0]?.admitted).toBe(true);
    expect(change?.dropHolds).toHaveLength(100);
  });

  it('bound the use that a swap may not have seen', () => {
    const item = holding(itemOf({ tokens_per_day: 100, cost_per_day_usd: 1 }), 'a', {
      tokens: 60,
      cost_usd: 0.5,
    });

    const { change } = admit(item, [requestOf('b', { tokens: 10, cost_usd: 0.2 })], NOON);

    expect(change?.atMost).toEqual({ day: TODAY, tokens: 30, cost_nano: 300_000_000 });
  });
});

describe('former days', () => {
  it('are dropped, yesterday is kept', () => {
    const used = { tokens: 1, cost_nano: 1 };
    const days = { '2026-01-03': used, '2026-01-04': used, [TODAY]: used };

    expect(admit(itemOf({ rps: 5 }, { days }), requestsOf(1), NOON).change?.dropDays).toEqual(['2026-01-03']);
  });
});

describe('useOf', () => {
  it('tells what is used and what live holds hold', () => {
    const live = { tokens: 7, cost_nano: 500_000_000, expires_at: NOON + 1 };
    const item = itemOf(
      {},
      {
        days: { [TODAY]: { tokens: 3, cost_nano: 2_000_000_000 } },
        holds: { live, dead: { ...live, expires_at: NOON } },
      },
    );

    expect(useOf(item, TODAY, NOON)).toEqual({
      day: TODAY,
      tokens_used: 3,
      cost_used_usd: 2,
      tokens_held: 7,
      cost_held_usd: 0.5,
      in_flight: 1,
    });
  });

  it('is nothing for a tenant not seen yet', () => {
    expect(useOf(undefined, TODAY, NOON)).toMatchObject({ tokens_used: 0, in_flight: 0 });
  });
});
