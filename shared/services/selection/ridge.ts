/**
 * Bayesian linear regression with a ridge, by Cholesky: the prior of theta is Normal around the registered quality
 * on feature 0 and zero elsewhere, so its posterior mean is (A + lambda I)^-1 (b + lambda mu) (Agrawal & Goyal,
 * "Thompson sampling for contextual bandits with linear payoffs", ICML 2013). With A + lambda I = U^T U and
 * y = U^-T x, what a request needs are dot products with y. Operations stand in the order of
 * rust-selector/src/ridge.rs.
 */
import type { LinearState } from '../../model/linear-state.ts';
import { at } from './at.ts';

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
    const one = at(y, index);
    learnt += one * at(ridge.learnt, index);
    towardsPrior += one * at(ridge.prior, index);
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

/** Turns A into U in place; false where a pivot shows that rounding has eaten the ridge. */
function factor(upper: Float64Array, inverse: Float64Array, lambda: number): boolean {
  const dimension = inverse.length;
  for (let size = dimension, start = 0; size > 0; start += size, size -= 1) {
    upper[start] = at(upper, start) + lambda;
  }
  for (let size = dimension, start = 0; size > 0; start += size, size -= 1) {
    const pivot = at(upper, start);
    // In exact arithmetic no pivot is below lambda.
    if (!(pivot >= 0.5 * lambda && pivot < Number.POSITIVE_INFINITY)) return false;
    const root = Math.sqrt(pivot);
    const oneOver = 1 / root;
    upper[start] = root;
    for (let index = 1; index < size; index += 1) upper[start + index] = at(upper, start + index) * oneOver;
    inverse[dimension - size] = oneOver;
    subtractSquare(upper, start, size);
  }
  return true;
}

/** Subtracts the outer product of the row at `start`, without its diagonal, from the triangle below it. */
function subtractSquare(upper: Float64Array, start: number, size: number): void {
  let target = start + size;
  for (let row = 1; row < size; row += 1) {
    const factor = at(upper, start + row);
    for (let index = row; index < size; index += 1) {
      upper[target] = at(upper, target) - factor * at(upper, start + index);
      target += 1;
    }
  }
}

/** Turns v into U^-T v. */
function solve(upper: Float64Array, inverse: Float64Array, v: Float64Array): void {
  let start = 0;
  for (let index = 0; index < v.length; index += 1) {
    const y = at(v, index) * at(inverse, index);
    v[index] = y;
    for (let below = index + 1; below < v.length; below += 1) {
      v[below] = at(v, below) - at(upper, start + below - index) * y;
    }
    start += v.length - index;
  }
}
