/**
 * Bayesian linear regression with a ridge, by Cholesky: the prior of theta is Normal around the registered quality
 * on feature 0 and zero elsewhere, so its posterior mean is (A + lambda I)^-1 (b + lambda mu) (Agrawal & Goyal,
 * "Thompson sampling for contextual bandits with linear payoffs", ICML 2013). With A + lambda I = U^T U and
 * y = U^-T x, what a request needs are dot products with y. Operations stand in the order of
 * rust-selector/src/ridge.rs.
 */
import type { LinearState } from '../../model/linear-state.ts';
import { doubleAt } from './at.ts';

export interface Ridge {
  readonly lambda: number;
  /** U, row by row, from the diagonal on, and 1 / its diagonal. */
  readonly upper: Float64Array;
  readonly inverse: Float64Array;
  /** U^-T b, and U^-T e with e the first unit vector, on which the prior lies. */
  readonly learnt: Float64Array;
  readonly prior: Float64Array;
}

/** What is known of theta . x; `spread` is x^T (A + lambda I)^-1 x. */
export interface Prediction {
  readonly mean: number;
  readonly spread: number;
}

/** `lambda` is above 0. Undefined where numbers of too different magnitude leave no solution. */
export function solveRidge(state: LinearState, lambda: number): Ridge | undefined {
  const inverse = new Float64Array(state.dimension);
  const upper = state.upper.slice();
  if (!factor(upper, inverse, lambda)) return undefined;
  const learnt = state.b.slice();
  const prior = new Float64Array(state.dimension);
  prior[0] = 1;
  solve(upper, inverse, learnt);
  solve(upper, inverse, prior);
  return { lambda, upper, inverse, learnt, prior };
}

/** `features` are as many as the ridge's dimension; `quality` is the registered one. */
export function predict(ridge: Ridge, features: readonly number[], quality: number): Prediction {
  const y = Float64Array.from(features);
  solve(ridge.upper, ridge.inverse, y);
  let learnt = 0;
  let towardsPrior = 0;
  let spread = 0;
  for (let index = 0; index < y.length; index += 1) {
    const one = doubleAt(y, index);
    learnt += one * doubleAt(ridge.learnt, index);
    towardsPrior += one * doubleAt(ridge.prior, index);
    spread += one * one;
  }
  return { mean: learnt + ridge.lambda * quality * towardsPrior, spread };
}

/** Without a state the prior decides. */
export function predictByPrior(features: readonly number[], lambda: number, quality: number): Prediction {
  let square = 0;
  for (const feature of features) square += feature * feature;
  return { mean: quality * (features[0] ?? 0), spread: square / lambda };
}

/**
 * Turns A into U in place; false where a pivot shows that rounding has eaten the ridge. Two rows at a time, as `solve`: what is below
 * them is read and written once for both, and each number is still worked out in the order of its rows.
 */
function factor(upper: Float64Array, inverse: Float64Array, lambda: number): boolean {
  const dimension = inverse.length;
  for (let size = dimension, start = 0; size > 0; start += size, size -= 1) {
    upper[start] = doubleAt(upper, start) + lambda;
  }
  for (let size = dimension, start = 0; size > 0; start += 2 * size - 1, size -= 2) {
    if (!divideRow(upper, inverse, lambda, start, size)) return false;
    const next = start + size;
    const factor = doubleAt(upper, start + 1);
    for (let index = 1; index < size; index += 1) {
      const target = next + index - 1;
      upper[target] = doubleAt(upper, target) - factor * doubleAt(upper, start + index);
    }
    if (size > 1 && !divideRow(upper, inverse, lambda, next, size - 1)) return false;
    subtractSquares(upper, start, size);
  }
  return true;
}

/** By the root of its pivot, which is at its start. */
function divideRow(
  upper: Float64Array,
  inverse: Float64Array,
  lambda: number,
  start: number,
  size: number,
): boolean {
  const pivot = doubleAt(upper, start);
  // In exact arithmetic no pivot is below lambda.
  if (!(pivot >= 0.5 * lambda && pivot < Number.POSITIVE_INFINITY)) return false;
  const root = Math.sqrt(pivot);
  const oneOver = 1 / root;
  upper[start] = root;
  for (let index = 1; index < size; index += 1)
    upper[start + index] = doubleAt(upper, start + index) * oneOver;
  inverse[inverse.length - size] = oneOver;
  return true;
}

/** Subtracts the outer products of the row at `start` and the one behind it from the triangle below both. */
function subtractSquares(upper: Float64Array, start: number, size: number): void {
  const second = start + size - 1;
  let target = second + size;
  for (let row = 2; row < size; row += 1) {
    const one = doubleAt(upper, start + row);
    const other = doubleAt(upper, second + row);
    for (let index = row; index < size; index += 1) {
      const left = doubleAt(upper, target) - one * doubleAt(upper, start + index);
      upper[target] = left - other * doubleAt(upper, second + index);
      target += 1;
    }
  }
}

/** Turns v into U^-T v. */
function solve(upper: Float64Array, inverse: Float64Array, v: Float64Array): void {
  let start = 0;
  for (let index = 0; index < v.length; index += 2) {
    const size = v.length - index;
    const one = doubleAt(v, index) * doubleAt(inverse, index);
    v[index] = one;
    if (size === 1) return;
    const second = start + size - 1;
    const other = (doubleAt(v, index + 1) - doubleAt(upper, start + 1) * one) * doubleAt(inverse, index + 1);
    v[index + 1] = other;
    for (let below = 2; below < size; below += 1) {
      const left = doubleAt(v, index + below) - doubleAt(upper, start + below) * one;
      v[index + below] = left - doubleAt(upper, second + below) * other;
    }
    start = second + size;
  }
}
