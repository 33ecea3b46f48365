import { describe, expect, test } from 'vitest';
import type { UsageRow } from '../../../console/src/api/shapes.ts';
import { daysBetween, spendByDay, totalsBy, usageCsv } from '../../../console/src/lib/usage.ts';

const row = (more: Partial<UsageRow>): UsageRow => ({
  day: '2026-05-01',
  tenant_id: 'acme',
  model: 'large',
  requests: 1,
  failed: 0,
  tokens_in: 10,
  tokens_out: 20,
  cost_usd: 0.5,
  ...more,
});

describe('usage', () => {
  test('adds up by whatever is asked', () => {
    const all = totalsBy(
      [row({}), row({ day: '2026-05-02', failed: 1 }), row({ model: 'small' })],
      (r) => r.model,
    );
    expect(all.get('large')).toEqual({ requests: 2, failed: 1, tokens: 60, costUsd: 1 });
    expect(all.get('small')?.requests).toBe(1);
  });

  test('days without a request are days all the same, over the end of a month', () => {
    const days = daysBetween('2026-04-29', '2026-05-02');
    expect(days).toEqual(['2026-04-29', '2026-04-30', '2026-05-01', '2026-05-02']);
    expect(spendByDay([row({}), row({ model: 'a', cost_usd: 1 })], days).map(({ total }) => total)).toEqual([
      0, 0, 1.5, 0,
    ]);
  });

  test('a name that is a formula to a spreadsheet stays text', () => {
    const csv = usageCsv([row({ tenant_id: '=HYPERLINK("x")', model: 'a,b' })]);
    expect(csv.split('\r\n')[1]).toBe(`2026-05-01,"'=HYPERLINK(""x"")","a,b",1,0,10,20,0.5`);
  });
});
