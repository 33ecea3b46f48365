/** What an arm learns from features, added up as rust-selector/src/linear_state.rs does: A = sum x x', b = sum y x. */
import type { LinearState } from '../../shared/model/linear-state.ts';
import { predict, type Ridge, solveRidge } from '../../shared/services/selection/ridge.ts';

export class LinearSums {
  readonly #upper: Float64Array;
  readonly #b: Float64Array;

  constructor(size: number) {
    this.#upper = new Float64Array((size * (size + 1)) / 2);
    this.#b = new Float64Array(size);
  }

  /** Everything learnt so far counts `gamma` times as much from now on. */
  fade(gamma: number): void {
    for (let at = 0; at < this.#upper.length; at += 1) this.#upper[at] = gamma * (this.#upper[at] ?? 0);
    for (let at = 0; at < this.#b.length; at += 1) this.#b[at] = gamma * (this.#b[at] ?? 0);
  }

  /** `target` is the weight times the score, given apart as logistic regression has its own. */
  add(x: Float64Array, target: number, weight = 1): void {
    let at = 0;
    for (let row = 0; row < x.length; row += 1) {
      const value = x[row] ?? 0;
      this.#b[row] = (this.#b[row] ?? 0) + value * target;
      if (value === 0) {
        at += x.length - row;
        continue;
      }
      for (let column = row; column < x.length; column += 1, at += 1) {
        this.#upper[at] = (this.#upper[at] ?? 0) + weight * value * (x[column] ?? 0);
      }
    }
  }

  /** The sums as they stand; later ones do not change it. */
  state(): LinearState {
    return { dimension: this.#b.length, upper: this.#upper.slice(), b: this.#b.slice() };
  }
}

/** The selector's own solution of the sums, as coefficients. Throws RangeError where there is none. */
export function coefficients(sums: LinearSums, lambda: number): Float64Array {
  const state = sums.state();
  const ridge = solveRidge(state, lambda);
  if (ridge === undefined) throw new RangeError('the sums have no solution');
  return Float64Array.from({ length: state.dimension }, (_, at) => coefficient(ridge, state.dimension, at));
}

/** The prediction for a unit vector is its coefficient. */
function coefficient(ridge: Ridge, size: number, at: number): number {
  const unit = new Array<number>(size).fill(0);
  unit[at] = 1;
  return predict(ridge, unit, 0).mean;
}

export function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += (one[at] ?? 0) * (other[at] ?? 0);
  return sum;
}
