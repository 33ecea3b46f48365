/**
 * What is believed of each arm's quality, as a mean and a standard deviation. Beta: see posterior.ts. Gaussian:
 * scores are Normal around the quality with a known deviation, and the registered quality counts as
 * `prior_strength` observations (Agrawal & Goyal, "Further optimal regret bounds for Thompson sampling", 2013).
 */
import type { RequestFault } from './check.ts';
import type { Field } from './policy.ts';
import { posterior } from './posterior.ts';

export interface Belief {
  readonly mean: number;
  readonly deviation: number;
  /** How much of the mean scores of the named task brought or took, where there are any. */
  readonly byTask?: number;
}

/** As candidates show it. */
export const told = ({ mean, deviation, byTask }: Belief) => ({
  quality: mean,
  uncertainty: deviation,
  ...(byTask === undefined ? {} : { by_task: byTask }),
});

export const NO_BELIEF: Belief = { mean: Number.NaN, deviation: Number.NaN };

/** One belief an arm, in the field's order. */
export type Likelihood = (field: Field) => readonly Belief[] | RequestFault;

export const betaBeliefs =
  (strength: number) =>
  (field: Field): readonly Belief[] =>
    field.arms.map((arm) => posterior(arm, strength));

export const gaussianBeliefs =
  (strength: number, noise: number) =>
  (field: Field): readonly Belief[] =>
    field.arms.map(({ priorQuality, state }) => {
      const weight = strength + state.n;
      return { mean: (strength * priorQuality + state.sum) / weight, deviation: noise / Math.sqrt(weight) };
    });
