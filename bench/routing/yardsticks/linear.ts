/** Ridge and logistic regression on the features, one a model. */
import { mean } from '../outcomes.ts';
import { solve } from '../strategies/invert.ts';
import type { Example, Yardstick } from './model.ts';

const ITERATIONS = 6;

export const ridgeYardstick = (lambda: number): Yardstick => ({
  name: 'ridge, features',
  fit: (examples) => {
    const models = examples[0]?.scores.map((_, model) => model) ?? [];
    const centres = models.map((model) => mean(examples.map(({ scores }) => scores[model] ?? 0)));
    const gram = weightedGram(examples, () => 1, lambda);
    const thetas = models.map((model) =>
      solve(
        gram,
        weightedSum(examples, ({ scores }) => (scores[model] ?? 0) - (centres[model] ?? 0)),
      ),
    );
    return ({ x }) => thetas.map((theta, model) => (centres[model] ?? 0) + dot(theta, x));
  },
});

/** Iteratively reweighted least squares with an L2 penalty; scores between 0 and 1 count as that share of a success. */
export const logisticYardstick = (lambda: number): Yardstick => ({
  name: 'logistic regression, features',
  fit: (examples) => {
    const models = examples[0]?.scores.map((_, model) => model) ?? [];
    const thetas = models.map((model) => fitOne(examples, model, lambda));
    return ({ x }) => thetas.map((theta) => sigmoid(dot(theta, x)));
  },
});

function fitOne(examples: readonly Example[], model: number, lambda: number): Float64Array {
  let theta: Float64Array = new Float64Array(examples[0]?.x.length ?? 0);
  for (let iteration = 0; iteration < ITERATIONS; iteration += 1) {
    const current = theta;
    const weight = ({ x }: Example): number => {
      const p = sigmoid(dot(current, x));
      return Math.max(1e-6, p * (1 - p));
    };
    const target = (example: Example): number => {
      const z = dot(current, example.x);
      return weight(example) * z + (example.scores[model] ?? 0) - sigmoid(z);
    };
    theta = solve(weightedGram(examples, weight, lambda), weightedSum(examples, target));
  }
  return theta;
}

function weightedGram(
  examples: readonly Example[],
  weight: (example: Example) => number,
  lambda: number,
): Float64Array {
  const size = examples[0]?.x.length ?? 0;
  const gram = new Float64Array(size * size);
  for (const example of examples) {
    const w = weight(example);
    for (let row = 0; row < size; row += 1) {
      const value = w * (example.x[row] ?? 0);
      if (value === 0) continue;
      for (let column = 0; column <= row; column += 1) {
        gram[row * size + column] = (gram[row * size + column] ?? 0) + value * (example.x[column] ?? 0);
      }
    }
  }
  // The solver reads the lower half alone.
  for (let at = 0; at < size; at += 1) gram[at * size + at] = (gram[at * size + at] ?? 0) + lambda;
  return gram;
}

function weightedSum(examples: readonly Example[], target: (example: Example) => number): Float64Array {
  const sum = new Float64Array(examples[0]?.x.length ?? 0);
  for (const example of examples) {
    const y = target(example);
    for (let at = 0; at < sum.length; at += 1) sum[at] = (sum[at] ?? 0) + y * (example.x[at] ?? 0);
  }
  return sum;
}

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

const dot = (one: Float64Array, other: Float64Array): number => {
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += (one[at] ?? 0) * (other[at] ?? 0);
  return sum;
};
