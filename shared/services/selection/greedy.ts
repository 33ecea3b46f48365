/**
 * The highest utility at the mean of what is believed, and the two strategies that deviate from it: epsilon-greedy
 * (Sutton & Barto 2018, section 2.2), whose propensities are exact, and fixed, which obeys a name for as long as
 * that model may serve.
 */
import { type Likelihood, NO_BELIEF, told } from './belief.ts';
import type { RequestFault } from './check.ts';
import { butAtRandom, certain, type Field, type Policy, utility, type Verdict } from './policy.ts';

export const greedy =
  (likelihood: Likelihood): Policy =>
  (field) =>
    byMeans(field, likelihood);

/** With probability `epsilon` any of the arms, each as likely. */
export function epsilonGreedy(likelihood: Likelihood, epsilon: number): Policy {
  return (field, rng) => {
    const verdict = byMeans(field, likelihood);
    return 'code' in verdict ? verdict : butAtRandom(verdict, epsilon, rng);
  };
}

export function fixed(likelihood: Likelihood, model: string): Policy {
  return (field) => {
    const verdict = byMeans(field, likelihood);
    const named = field.arms.findIndex((arm) => arm.id === model);
    if ('code' in verdict || named < 0) return verdict;
    const assessed = verdict.assessed.map((one, index) => ({ ...one, propensity: index === named ? 1 : 0 }));
    return { assessed, chosen: named };
  };
}

function byMeans(field: Field, likelihood: Likelihood): Verdict | RequestFault {
  const beliefs = likelihood(field);
  if ('code' in beliefs) return beliefs;
  const scored = field.arms.map((arm, index) => {
    const belief = beliefs[index] ?? NO_BELIEF;
    return { ...told(belief), score: utility(field, arm, belief.mean) };
  });
  return certain(scored);
}
