/** Ridge and logistic regression on the features, one a model, solved by the selector's own ridge. */
import { coefficients, dot, LinearSums } from '../linear-sums.ts';
import { mean } from '../outcomes.ts';
import type { Example, Yardstick } from './model.ts';

const ITERATIONS = 6;

export const ridgeYardstick = (lambda: number): Yardstick => ({
  name: 'ridge, features',
  fit: (examples) => {
    const models = examples[0]?.scores.map((_, model) => model) ?? [];
    const centres = models.map((model) => mean(examples.map(({ scores }) => scores[model] ?? 0)));
    const thetas = models.map((model) => {
      const sums = new LinearSums(examples[0]?.x.length ?? 0);
      for (const { x, scores } of examples) sums.add(x, (scores[model] ?? 0) - (centres[model] ?? 0));
      return coefficients(sums, lambda);
    });
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
    const sums = new LinearSums(theta.length);
    for (const { x, scores } of examples) {
      const z = dot(theta, x);
      const p = sigmoid(z);
      const weight = Math.max(1e-6, p * (1 - p));
      sums.add(x, weight * z + (scores[model] ?? 0) - p, weight);
    }
    theta = coefficients(sums, lambda);
  }
  return theta;
}

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
