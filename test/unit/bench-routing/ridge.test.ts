import { describe, expect, it } from 'vitest';
import { invert, solve } from '../../../bench/routing/strategies/invert.ts';
import { Ridge } from '../../../bench/routing/strategies/ridge.ts';
import { Sfc32 } from '../../../shared/services/selection/random.ts';

const SIZE = 5;
const row = (random: Sfc32): Float64Array => Float64Array.from({ length: SIZE }, () => random.nextSigned());

/** Normal equations, solved at once; later rows weigh more by 1 / gamma each. */
const batch = (
  rows: readonly Float64Array[],
  ys: readonly number[],
  lambdas: readonly number[],
  gamma: number,
) => {
  const matrix = new Float64Array(SIZE * SIZE);
  const b = new Float64Array(SIZE);
  for (const [at, x] of rows.entries()) {
    const weight = gamma ** (rows.length - 1 - at);
    for (let i = 0; i < SIZE; i += 1) {
      b[i] = (b[i] ?? 0) + weight * (x[i] ?? 0) * (ys[at] ?? 0);
      for (let j = 0; j < SIZE; j += 1) {
        matrix[i * SIZE + j] = (matrix[i * SIZE + j] ?? 0) + weight * (x[i] ?? 0) * (x[j] ?? 0);
      }
    }
  }
  for (const [i, lambda] of lambdas.entries()) matrix[i * SIZE + i] = (matrix[i * SIZE + i] ?? 0) + lambda;
  return { theta: solve(matrix, b), inverse: invert(matrix, SIZE) };
};

const dot = (one: Float64Array, other: Float64Array): number =>
  one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);

describe('ridge regression, row by row', () => {
  it.each([
    [{ lambda: 0.3 }, 100],
    [{ lambda: 30, biasLambda: 2 }, 100],
    // A multiple of the rows after which the fading inverse is made anew.
    [{ lambda: 3, biasLambda: 1, gamma: 0.95 }, 96],
  ])('is the batch solution: %o', (options, count) => {
    const random = new Sfc32(3);
    const rows = Array.from({ length: count }, () => row(random));
    const ys = rows.map(() => random.nextSigned());
    const ridge = new Ridge(SIZE, options);
    for (const [at, x] of rows.entries()) ridge.learn(x, ys[at] ?? 0);
    const {
      lambda,
      biasLambda = lambda,
      gamma = 1,
    } = options as {
      lambda: number;
      biasLambda?: number;
      gamma?: number;
    };
    const expected = batch(rows, ys, [biasLambda, ...new Array<number>(SIZE - 1).fill(lambda)], gamma);

    for (let probe = 0; probe < 5; probe += 1) {
      const x = row(random);
      const ax = Float64Array.from({ length: SIZE }, (_, i) =>
        dot(expected.inverse.slice(i * SIZE, (i + 1) * SIZE), x),
      );
      expect(ridge.predict(x)).toBeCloseTo(dot(expected.theta, x), 9);
      expect(ridge.variance(x)).toBeCloseTo(dot(ax, x), 9);
    }
  });

  it('refuses a prior of no weight, and a matrix that is not positive definite', () => {
    expect(() => new Ridge(2, { lambda: 0 })).toThrow(RangeError);
    expect(() => solve(Float64Array.of(0, 0, 0, 0), Float64Array.of(1, 1))).toThrow(RangeError);
  });
});
