import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Point } from '../../../console/src/api/shapes.ts';
import {
  aligned,
  byName,
  coarser,
  sinceFirst,
  smoothed,
  sum,
  totals,
  trafficByModel,
} from '../../../console/src/lib/series.ts';

const point = (index: number, more: Partial<Point> = {}): Point => ({
  at: new Date(index * 10_000).toISOString(),
  requests: 0,
  errors: 0,
  limit_hits: 0,
  p50_ms: null,
  p95_ms: null,
  p99_ms: null,
  cost_usd: 0,
  tokens_in: 0,
  tokens_out: 0,
  active_connections: null,
  rust: 0,
  typescript: 0,
  pii_findings: {},
  pii_modes: {},
  ...more,
});

describe('points to what is drawn', () => {
  test('coarser points lose no request and keep the worst latency', () => {
    const points = fc.array(
      fc.record({ requests: fc.nat(50), p99_ms: fc.option(fc.nat(900)), email: fc.nat(5) }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(points, fc.integer({ min: 1, max: 9 }), (drawn, size) => {
        const fine = drawn.map(({ requests, p99_ms, email }, index) =>
          point(index, { requests, p99_ms, pii_findings: { EMAIL: email } }),
        );
        const bins = coarser(fine, size);
        expect(bins).toHaveLength(Math.ceil(fine.length / size));
        expect(totals(bins).requests).toBe(totals(fine).requests);
        expect(sum(bins, (bin) => bin.pii_findings.EMAIL ?? 0)).toBe(sum(drawn, ({ email }) => email));
        const worst = (list: readonly Point[]) => Math.max(-1, ...list.map(({ p99_ms }) => p99_ms ?? -1));
        expect(worst(bins)).toBe(worst(fine));
      }),
    );
  });

  test('a model that was silent in a step has a gap there, or a zero where counts are drawn', () => {
    const points = [point(0), point(1), point(2)];
    const own = [{ at: point(1).at, requests: 4, errors: 0, cost_usd: 0, p50_ms: 80, quality: null }];
    expect(aligned(points, own, (p) => p.p50_ms, null)).toEqual([null, 80, null]);
    expect(aligned(points, own, (p) => p.requests, 0)).toEqual([0, 4, 0]);
  });

  test('counts by name have a value at every time', () => {
    const points = [point(0, { pii_findings: { EMAIL: 2 } }), point(1, { pii_findings: { PHONE: 1 } })];
    expect([...byName(points, (p) => p.pii_findings)]).toEqual([
      ['EMAIL', [2, 0]],
      ['PHONE', [0, 1]],
    ]);
  });

  test('a young stage’s empty hour is cut, but never to less than a minute', () => {
    const hour = Array.from({ length: 360 }, (_, index) => point(index, { requests: index >= 357 ? 1 : 0 }));
    expect(sinceFirst(hour)).toHaveLength(6);
    expect(sinceFirst(hour.map((p, index) => (index === 100 ? { ...p, requests: 1 } : p)))).toHaveLength(261);
    const empty = hour.slice(0, 50);
    expect(sinceFirst(empty)).toEqual(empty);
  });

  test('a mean over the steps before leaves out what is not known', () => {
    expect(smoothed([null, 10, null, 30, null, null, null], 3)).toEqual([null, 10, 10, 20, 30, 30, null]);
  });

  test('models stand by traffic, with their share', () => {
    const answered = (requests: number) => [
      { at: point(0).at, requests, errors: 0, cost_usd: 0, p50_ms: null, quality: null },
    ];
    const series = { step_s: 10, complete: true, points: [], by_model: { a: answered(1), b: answered(3) } };
    expect(trafficByModel(series)).toEqual([
      { id: 'b', requests: 3, share: 0.75 },
      { id: 'a', requests: 1, share: 0.25 },
    ]);
  });
});
