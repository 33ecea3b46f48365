/**
 * UCB1 (Auer, Cesa-Bianchi & Fischer, "Finite-time analysis of the multiarmed bandit problem", 2002): mean plus
 * c * sqrt(2 ln N / n), where priors count as observations. Deterministic, so propensities are 1 and 0.
 */
import type { Policy } from './policy.ts';
import { utility } from './policy.ts';
import { posterior } from './posterior.ts';

export function ucb1(priorStrength: number, exploration: number): Policy {
  return (field) => {
    const posteriors = field.arms.map((arm) => ({ arm, ...posterior(arm, priorStrength) }));
    const logTotal = Math.log(1 + posteriors.reduce((total, one) => total + one.weight, 0));
    const scores = posteriors.map((one) => {
      const bonus = exploration * Math.sqrt((2 * logTotal) / one.weight);
      return utility(field, one.arm, one.mean + bonus);
    });
    const winner = scores.indexOf(Math.max(...scores));
    return posteriors.map((one, index) => ({
      quality: one.mean,
      uncertainty: one.deviation,
      score: scores[index] ?? 0,
      propensity: index === winner ? 1 : 0,
    }));
  };
}
