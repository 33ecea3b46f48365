/** k nearest neighbours against the formulas written out, with features in place of directions. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SelectRequest } from '../../../shared/model/selection.ts';
import { decodeArmState } from '../../../shared/model/selection.ts';
import { fitState, type Lesson } from '../../../shared/services/evaluation/fit-state.ts';
import { directionOf, similarities } from '../../../shared/services/selection/nearest.ts';
import { choose, double, features, memoryOf, type Observed, observations } from './asked.ts';

const CANDIDATE = { id: 'm', prior_quality: 0.6, cost_usd: 0, latency_ms: 0 };
const WEIGHTS = { quality: 1, cost: 0, latency: 0, cost_scale_usd: 1, latency_scale_ms: 1 };

const asking = (features: readonly number[], params: SelectRequest['params'] = {}): SelectRequest => ({
  ...{ id: 'r', policy: 'p', strategy: 'knn', seed: 1, weights: WEIGHTS },
  candidates: [CANDIDATE],
  features,
  params: { gamma: 1, ...params },
});

const armOf = (observed: readonly Observed[], gamma = 1, memory = 64) => {
  const lessons = observed.map((one) => ({ arm: 'm', ...one }));
  return fitState(lessons, { gamma, memory });
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** Mean and deviation of the m that `armOf` taught. */
function written(observed: readonly Observed[], asked: readonly number[], strength: number, gamma: number) {
  const fading = observed.map((_, index) => gamma ** (observed.length - 1 - index));
  const n = sum(fading);
  const own =
    (strength * CANDIDATE.prior_quality +
      sum(observed.map(({ score }, index) => score * (fading[index] ?? 0)))) /
    (strength + n);
  const near = similarities(memoryOf(observed, 64), directionOf(asked));
  const weights = [...near].map((similarity, index) => Math.max(0, similarity) ** 8 * (fading[index] ?? 0));
  const total = strength + sum(weights);
  const mean =
    (strength * own + sum(observed.map(({ score }, index) => score * (weights[index] ?? 0)))) / total;
  const squares = sum(observed.map(({ score }, index) => (score - mean) ** 2 * (weights[index] ?? 0)));
  return { mean, deviation: Math.sqrt((strength * 0.25 + squares) / total / total) };
}

const seen = fc
  .integer({ min: 1, max: 6 })
  .chain((dimension) => fc.record({ observed: observations(dimension, 1), asked: features(dimension) }));

describe('a belief', () => {
  test('is the weighted mean and variance, shrunk to what the arm is worth at all', () => {
    fc.assert(
      fc.property(seen, double(1, 50), double(0.5, 1), ({ observed, asked }, strength, gamma) => {
        const params = { prior_strength: strength, gamma, neighbours: 64 };
        const [ranked] = choose(asking(asked, params), armOf(observed, gamma)).ranking;
        const { mean, deviation } = written(observed, asked, strength, gamma);
        expect(ranked?.quality).toBeCloseTo(mean, 9);
        expect(ranked?.uncertainty).toBeCloseTo(deviation, 7);
        expect(ranked?.score).toBeCloseTo(mean + deviation, 7);
      }),
    );
  });

  test('does not depend on the order of learning while all is remembered and nothing fades', () => {
    fc.assert(
      fc.property(seen, ({ observed, asked }) => {
        const request = asking(asked, { neighbours: 64 });
        const [one] = choose(request, armOf(observed)).ranking;
        const [other] = choose(request, armOf(observed.toReversed())).ranking;
        expect(other?.quality).toBeCloseTo(one?.quality ?? Number.NaN, 9);
        expect(other?.uncertainty).toBeCloseTo(one?.uncertainty ?? Number.NaN, 7);
      }),
    );
  });

  test('lies within the scores and the prior, and is the surer the more is known', () => {
    fc.assert(
      fc.property(seen, ({ observed, asked }) => {
        const [ranked] = choose(asking(asked), armOf(observed)).ranking;
        const scores = [CANDIDATE.prior_quality, ...observed.map(({ score }) => score)];
        expect(ranked?.quality).toBeGreaterThanOrEqual(Math.min(...scores) - 1e-12);
        expect(ranked?.quality).toBeLessThanOrEqual(Math.max(...scores) + 1e-12);
        expect(ranked?.uncertainty).toBeLessThanOrEqual(1 / Math.sqrt(8));
      }),
    );
  });

  test('goes by the nearest k alone', () => {
    const near = { features: [1, 1, 0], score: 1 };
    const far = { features: [1, 0.1, 1], score: 0 };
    const arms = armOf([near, far, far, near, far, far]);
    const [ranked] = choose(asking([1, 1, 0], { neighbours: 2, prior_strength: 1 }), arms).ranking;
    const own = (0.6 + 2) / 7;
    expect(ranked?.quality).toBeCloseTo((own + 2) / 3, 9);
  });

  test('is the arm’s own where nothing that is remembered has its features', () => {
    const arms = armOf([{ features: [1, 0.5], score: 1 }]);
    for (const asked of [[1, 0.5, 0.5], [1], [1, 0]]) {
      expect(choose(asking(asked), arms).ranking[0]?.quality).toBeCloseTo((8 * 0.6 + 1) / 9, 12);
    }
  });
});

interface Learnt {
  readonly gamma: number;
  readonly memory: number;
  readonly lessons: readonly Omit<Lesson, 'arm'>[];
  readonly packed: string;
}

const LEARNT: readonly Learnt[] = JSON.parse(
  readFileSync(new URL('learning/newest-scores.json', import.meta.url), 'utf8'),
);

test.each(LEARNT)('learns $lessons.length scores as `learn` does', ({ gamma, memory, lessons, packed }) => {
  const arms = fitState(
    lessons.map((one) => ({ arm: 'm', ...one })),
    { gamma, memory },
  );
  expect(arms.get('m')).toEqual(decodeArmState(Buffer.from(packed, 'base64')));
});
