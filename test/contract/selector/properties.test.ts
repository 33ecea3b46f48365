/** What holds for every answer of the selector, whatever it is asked and whatever it has learnt. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SelectRequest } from '../../../shared/model/selection.ts';
import { choose, STRATEGIES, situation } from './asked.ts';

/** Strategies whose choice need not have the highest score, and of those the ones that draw the scores. */
const DEVIATING = ['epsilon-greedy', 'fixed', 'thompson', 'lin-thompson', 'knn'];
const DRAWN = ['thompson', 'lin-thompson'];
const FLOORED = [...DRAWN, 'knn'];

describe('every ranking', () => {
  test('holds each candidate once and nobody else, with propensities that are a distribution', () => {
    fc.assert(
      fc.property(situation, ({ request, arms }) => {
        const { ranking } = choose(request, arms);
        const ids = request.candidates.map((one) => one.id);
        expect(ranking.map((one) => one.id).toSorted()).toEqual(ids.toSorted());
        expect(ranking.reduce((sum, one) => sum + one.propensity, 0)).toBeCloseTo(1, 12);
        expect(ranking.every((one) => one.propensity >= 0)).toBe(true);
        expect(ranking[0]?.propensity).toBeGreaterThan(0);
        expect(ranking.every((one) => Number.isFinite(one.quality) && one.uncertainty >= 0)).toBe(true);
      }),
    );
  });

  test('is by score, but for the choice of a strategy that explores or obeys', () => {
    fc.assert(
      fc.property(situation, ({ request, arms }) => {
        const ranking = choose(request, arms).ranking.map((one) => one.score);
        const scores = DEVIATING.includes(request.strategy) ? ranking.slice(1) : ranking;
        expect(scores).toEqual(scores.toSorted((one, other) => other - one));
        expect(ranking.every(Number.isFinite)).toBe(true);
      }),
    );
  });

  test('leaves no candidate below the floor, where there is one', () => {
    fc.assert(
      fc.property(situation, fc.double({ min: 1e-6, max: 1, noNaN: true }), ({ request, arms }, floor) => {
        fc.pre(FLOORED.includes(request.strategy));
        const { ranking } = choose({ ...request, params: { ...request.params, floor } }, arms);
        expect(Math.min(...ranking.map((one) => one.propensity))).toBeGreaterThanOrEqual(
          floor / ranking.length,
        );
      }),
    );
  });

  test('does not depend on the order of the candidates, nor on anything but seed and state', () => {
    fc.assert(
      fc.property(situation, ({ request, arms }) => {
        const backwards = { ...request, candidates: request.candidates.toReversed() };
        expect(choose(backwards, arms)).toEqual(choose(request, arms));
      }),
    );
  });

  test('puts a candidate no higher when it becomes less available', () => {
    fc.assert(
      fc.property(situation, ({ request, arms }) => {
        const [first, ...others] = request.candidates;
        const { strategy } = request;
        if (first === undefined || (DEVIATING.includes(strategy) && !DRAWN.includes(strategy))) return;
        const away = { ...request, candidates: [{ ...first, availability: 0 }, ...others] };
        const place = (asked: SelectRequest) =>
          choose(asked, arms).ranking.findIndex((one) => one.id === first.id);
        expect(place(away)).toBeGreaterThanOrEqual(place(request));
      }),
    );
  });
});

describe('a better prior', () => {
  const better = ({ request, raise }: { request: SelectRequest; raise: number }) => {
    const [first, ...others] = request.candidates;
    if (first === undefined) throw new Error('no candidate');
    const prior_quality = first.prior_quality + raise * (1 - first.prior_quality);
    return { id: first.id, request: { ...request, candidates: [{ ...first, prior_quality }, ...others] } };
  };
  const propensity = (request: SelectRequest, id: string): number =>
    choose(request).ranking.find((one) => one.id === id)?.propensity ?? Number.NaN;
  const raised = fc.record({
    request: situation.map((one) => one.request),
    raise: fc.double({ min: 0.001, max: 1, noNaN: true }),
  });

  test('never makes a candidate less likely to be chosen', () => {
    fc.assert(
      fc.property(raised, (one) => {
        const { id, request } = better(one);
        expect(propensity(request, id)).toBeGreaterThanOrEqual(propensity(one.request, id) - 1e-9);
      }),
    );
  });
});

const DRAWING = STRATEGIES.filter(
  ({ strategy }) => FLOORED.includes(strategy) || strategy === 'epsilon-greedy',
);

test.each(DRAWING)('propensities of $strategy $params are the shares in which seeds choose', (strategy) => {
  const asked = {
    id: 'r',
    policy: 'p',
    ...strategy,
    features: [1, 0.5],
    weights: { quality: 1, cost: 0, latency: 0, cost_scale_usd: 1, latency_scale_ms: 1 },
    candidates: [0.6, 0.55, 0.3].map((quality, index) => ({
      id: `m${index}`,
      prior_quality: quality,
      cost_usd: 0,
      latency_ms: 0,
    })),
  };
  const seeds = Array.from({ length: 2000 }, (_, seed) => choose({ ...asked, seed }).ranking);
  for (const { id } of asked.candidates) {
    const chosen = seeds.filter((ranking) => ranking[0]?.id === id).length / seeds.length;
    const logged = seeds.map((ranking) => ranking.find((one) => one.id === id)?.propensity ?? 0);
    const mean = logged.reduce((sum, one) => sum + one, 0) / seeds.length;
    expect(Math.abs(chosen - mean)).toBeLessThan(0.04);
  }
});
