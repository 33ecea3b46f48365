/** A ridge's predictions against the regression written out and solved by elimination, for strengths and discounts
 * that are not 1. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { predict, predictByPrior, solveRidge } from '../../../shared/services/selection/ridge.ts';
import { RidgeMemo } from '../../../shared/services/selection/ridge-memo.ts';
import { double, features, type Observed, observations, sumsOf } from './asked.ts';

type Matrix = readonly (readonly number[])[];

const dot = (one: readonly number[], other: readonly number[]): number =>
  one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);

/** Gauss-Jordan of a positive definite matrix, with `right` as a last column. */
function eliminate(matrix: Matrix, right: readonly number[]): number[] {
  let rows = matrix.map((row, index) => [...row, right[index] ?? 0]);
  for (const column of right.keys()) {
    const top = rows[column] ?? [];
    const scaled = top.map((value) => value / (top[column] ?? 0));
    rows = rows.map((row, index) => {
      const factor = index === column ? 0 : (row[column] ?? 0);
      return index === column ? scaled : row.map((value, at) => value - factor * (scaled[at] ?? 0));
    });
  }
  return rows.map((row) => row.at(-1) ?? 0);
}

interface Asked {
  readonly observed: readonly Observed[];
  readonly asked: readonly number[];
}

const regression = fc
  .integer({ min: 1, max: 10 })
  .chain((dimension) => fc.record({ observed: observations(dimension, 1), asked: features(dimension) }));

function normalEquations({ observed, asked }: Asked, gamma: number, lambda: number, prior: number) {
  const weights = observed.map((_, index) => gamma ** (observed.length - 1 - index));
  const weighted = (of: (one: Observed) => number): number => dot(weights, observed.map(of));
  const matrix = asked.map((_, i) =>
    asked.map(
      (_, j) => weighted(({ features }) => (features[i] ?? 0) * (features[j] ?? 0)) + (i === j ? lambda : 0),
    ),
  );
  const right = asked.map(
    (_, i) => weighted(({ features, score }) => (features[i] ?? 0) * score) + (i === 0 ? lambda * prior : 0),
  );
  return { matrix, right };
}

test('online sums predict what the batch solution predicts', () => {
  fc.assert(
    fc.property(
      regression,
      double(0.5, 0.999),
      double(0.01, 50),
      double(0, 1),
      ({ observed, asked }, gamma, lambda, prior) => {
        const ridge = solveRidge(sumsOf(asked.length, observed, gamma), lambda);
        if (ridge === undefined) throw new Error('no solution');
        const predicted = predict(ridge, asked, prior);
        const { matrix, right } = normalEquations({ observed, asked }, gamma, lambda, prior);
        expect(predicted.mean).toBeCloseTo(dot(eliminate(matrix, right), asked), 7);
        expect(predicted.spread).toBeCloseTo(dot(eliminate(matrix, asked), asked), 7);
      },
    ),
  );
});

test('without observations the prior decides', () => {
  const nothing = sumsOf(3, [], 1);
  const ridge = solveRidge(nothing, 4);
  if (ridge === undefined) throw new Error('no solution');
  expect(predict(ridge, [1, 2, -1], 0.7)).toEqual(predictByPrior([1, 2, -1], 4, 0.7));
  expect(predictByPrior([1, 2, -1], 4, 0.7)).toEqual({ mean: 0.7, spread: 1.5 });
});

test('a memo solves a state once for each strength, and keeps few of them', () => {
  const state = sumsOf(2, [{ features: [1, 0.5], score: 1 }], 1);
  const memo = new RidgeMemo();
  const first = memo.solve(state, 3);
  expect(memo.solve(state, 3)).toBe(first);
  expect(memo.solve({ ...state }, 3)).not.toBe(first);
  for (const lambda of [4, 5, 6, 7]) memo.solve(state, lambda);
  expect(memo.solve(state, 7)).toBe(memo.solve(state, 7));
  expect(memo.solve(state, 3)).not.toBe(first);
});
