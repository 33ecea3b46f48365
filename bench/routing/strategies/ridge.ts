/**
 * Ridge regression that learns one row at a time: the inverse of A = diag(lambda) + sum x x' is kept up to date by Sherman &
 * Morrison (Ann. Math. Stat. 1950). With `gamma` below 1 the sums fade at every row while lambda does not, which is no
 * rank-one change, so the inverse is then made anew after every `REFRESH` rows and is approximate in between.
 */
import { invert } from './invert.ts';

const REFRESH = 32;

export interface RidgeOptions {
  /** Weight of the prior that all coefficients are 0; above 0. */
  readonly lambda: number;
  /** The same for the first feature, the constant: how good an arm is at all is to be learnt faster; lambda. */
  readonly biasLambda?: number;
  /** Fading a row, in (0, 1]; 1. */
  readonly gamma?: number;
}

export class Ridge {
  readonly size: number;
  readonly #lambdas: Float64Array;
  readonly #gamma: number;
  readonly #sums: Float64Array;
  readonly #b: Float64Array;
  #inverse: Float64Array;
  readonly #theta: Float64Array;
  readonly #scratch: Float64Array;
  #rows = 0;

  constructor(size: number, { lambda, biasLambda = lambda, gamma = 1 }: RidgeOptions) {
    if (!(lambda > 0 && biasLambda > 0)) throw new RangeError('lambda must be above 0');
    this.size = size;
    this.#lambdas = new Float64Array(size).fill(lambda);
    this.#lambdas[0] = biasLambda;
    this.#gamma = gamma;
    this.#sums = new Float64Array(gamma < 1 ? size * size : 0);
    this.#b = new Float64Array(size);
    this.#inverse = new Float64Array(size * size);
    this.#theta = new Float64Array(size);
    this.#scratch = new Float64Array(size);
    for (let at = 0; at < size; at += 1) this.#inverse[at * size + at] = 1 / (this.#lambdas[at] ?? lambda);
  }

  predict(x: Float64Array): number {
    let sum = 0;
    for (let at = 0; at < this.size; at += 1) sum += (x[at] ?? 0) * (this.#theta[at] ?? 0);
    return sum;
  }

  /** x' A^-1 x: the prediction's variance in units of the noise's. */
  variance(x: Float64Array): number {
    const { size } = this;
    const inverse = this.#inverse;
    let sum = 0;
    for (let row = 0; row < size; row += 1) {
      const value = x[row] ?? 0;
      if (value === 0) continue;
      const from = row * size;
      // The inverse is symmetric: half of it will do.
      let inner = 0.5 * (inverse[from + row] ?? 0) * value;
      for (let column = 0; column < row; column += 1)
        inner += (inverse[from + column] ?? 0) * (x[column] ?? 0);
      sum += 2 * value * inner;
    }
    return Math.max(0, sum);
  }

  learn(x: Float64Array, y: number): void {
    const { size } = this;
    if (this.#gamma < 1) this.#fade(x);
    for (let at = 0; at < size; at += 1) this.#b[at] = (this.#b[at] ?? 0) + (x[at] ?? 0) * y;
    this.#rows += 1;
    if (this.#gamma < 1 && this.#rows % REFRESH === 0) this.#inverse = this.#invertAnew();
    else this.#shermanMorrison(x);
    multiply(this.#inverse, this.#b, this.#theta);
  }

  #fade(x: Float64Array): void {
    const { size } = this;
    for (let row = 0; row < size; row += 1) {
      this.#b[row] = (this.#b[row] ?? 0) * this.#gamma;
      const from = row * size;
      for (let at = 0; at < size; at += 1) {
        this.#sums[from + at] = this.#gamma * (this.#sums[from + at] ?? 0) + (x[row] ?? 0) * (x[at] ?? 0);
      }
    }
  }

  #invertAnew(): Float64Array {
    const matrix = Float64Array.from(this.#sums);
    for (let at = 0; at < this.size; at += 1) {
      matrix[at * this.size + at] = (matrix[at * this.size + at] ?? 0) + (this.#lambdas[at] ?? 0);
    }
    return invert(matrix, this.size);
  }

  #shermanMorrison(x: Float64Array): void {
    const { size } = this;
    const inverse = this.#inverse;
    const ax = this.#scratch;
    multiply(inverse, x, ax);
    let divisor = 1;
    for (let at = 0; at < size; at += 1) divisor += (x[at] ?? 0) * (ax[at] ?? 0);
    for (let row = 0; row < size; row += 1) {
      const scale = (ax[row] ?? 0) / divisor;
      if (scale === 0) continue;
      const from = row * size;
      for (let at = 0; at < size; at += 1)
        inverse[from + at] = (inverse[from + at] ?? 0) - scale * (ax[at] ?? 0);
    }
  }
}

function multiply(matrix: Float64Array, vector: Float64Array, out: Float64Array): void {
  const size = vector.length;
  for (let row = 0; row < size; row += 1) {
    let sum = 0;
    const from = row * size;
    for (let at = 0; at < size; at += 1) sum += (matrix[from + at] ?? 0) * (vector[at] ?? 0);
    out[row] = sum;
  }
}
