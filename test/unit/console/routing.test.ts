import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Adapter, Arm, Policy } from '../../../console/src/api/shapes.ts';
import { placeLabels } from '../../../console/src/charts/labels.ts';
import { stack } from '../../../console/src/charts/plot-options.ts';
import { linear, logarithmic } from '../../../console/src/charts/scale.ts';
import { regretBySteps } from '../../../console/src/lib/regret.ts';

const arm = (id: string, cost: number): Arm => ({
  id,
  registered: true,
  enabled: true,
  q_hat: 0.5,
  uncertainty: 0.1,
  pulls: 1,
  prior: 0.5,
  requests: 10,
  share: 0.5,
  mean_cost_usd: cost,
  mean_latency_ms: 0,
  mean_feedback: null,
  scored: 0,
  errors: 0,
  frontier: false,
});
const weights = { quality: 1, cost: 0.3, latency: 0.1, cost_scale_usd: 0.01, latency_scale_ms: 2_000 };
const policy = { weights: { fast: weights, balanced: weights, high: weights } } as Policy;
const simulated = (id: string, quality: number) => ({ id, simulated: { quality } }) as Adapter;

describe('regret', () => {
  const arms = [arm('strong', 0.01), arm('weak', 0)];
  const models = [simulated('strong', 0.9), simulated('weak', 0.5)];
  const step = (strong: number, weak: number) => ({
    at: '',
    requests: strong + weak,
    by_model: { strong, weak },
  });

  test('is what the better model would have added, a request', () => {
    // .9 - .3 * .01 / .01 = .6 against .5
    const regret = regretBySteps({ arms, shares: [step(4, 0), step(2, 2), step(0, 0)] }, models, policy);
    expect(regret?.[0]).toBe(0);
    expect(regret?.[1]).toBeCloseTo(0.05);
    expect(regret?.[2]).toBeNull();
  });

  test('is not known where one that answered is a real model', () => {
    expect(regretBySteps({ arms, shares: [step(1, 1)] }, models.slice(0, 1), policy)).toBeNull();
  });
});

describe('charts', () => {
  test('areas stand upon each other, and a gap stays a gap', () => {
    const line = (values: (number | null)[]) => ({ label: '', color: '', values });
    expect(stack([line([1, null]), line([2, null])])).toEqual([
      [1, null],
      [3, null],
    ]);
  });

  test('ticks are round, lie on the axis and are few', () => {
    const bounds = fc.tuple(
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
    );
    fc.assert(
      fc.property(bounds, ([low, span]) => {
        const { ticks, place } = linear([low, low + span], [0, 100], 5);
        expect(ticks.length).toBeLessThanOrEqual(12);
        for (const tick of ticks) {
          expect(place(tick)).toBeGreaterThanOrEqual(-1);
          expect(place(tick)).toBeLessThanOrEqual(101);
        }
      }),
    );
    expect(logarithmic([0.00003, 0.002], [0, 100]).ticks).toEqual(
      [0.00001, 0.0001, 0.001, 0.01].map((t) => expect.closeTo(t)),
    );
  });

  test('two dots side by side do not write over each other', () => {
    const spots = [
      { x: 100, y: 100, radius: 6, text: 'sim-flaky' },
      { x: 115, y: 98, radius: 6, text: 'sim-small' },
    ];
    const [one, other] = placeLabels(spots, { left: 0, right: 400, top: 0, bottom: 200 });
    expect(one?.anchor).not.toBe(other?.anchor);
  });
});
