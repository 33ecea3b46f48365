/**
 * UCB1 and UCB-tuned (Auer, Cesa-Bianchi & Fischer, "Finite-time analysis of the multiarmed bandit problem", 2002),
 * where priors count as observations: mean plus a bonus that falls with an arm's weight. Deterministic, so
 * propensities are 1 and 0.
 */
import { certain, type Policy, utility } from './policy.ts';
import { type Posterior, posterior } from './posterior.ts';

/** Told ln(1 + N) and the arm's posterior. */
type Bonus = (logTotal: number, one: Posterior) => number;

/** c * sqrt(2 ln N / n) */
export const ucb1 = (priorStrength: number, exploration: number): Policy =>
  byBounds(priorStrength, (logTotal, one) => exploration * Math.sqrt((2 * logTotal) / one.weight));

/** c * sqrt(ln N / n * min(1/4, V)), V = variance + sqrt(2 ln N / n), section 4. */
export const ucbTuned = (priorStrength: number, exploration: number): Policy =>
  byBounds(priorStrength, (logTotal, one) => {
    const share = logTotal / one.weight;
    const variance = Math.max(one.squares / one.weight - one.mean * one.mean, 0);
    const bound = Math.min(variance + Math.sqrt(2 * share), 0.25);
    return exploration * Math.sqrt(share * bound);
  });

function byBounds(priorStrength: number, bonus: Bonus): Policy {
  return (field) => {
    const posteriors = field.arms.map((arm) => ({ arm, ...posterior(arm, priorStrength) }));
    const logTotal = Math.log(1 + posteriors.reduce((total, one) => total + one.weight, 0));
    const scored = posteriors.map((one) => ({
      quality: one.mean,
      uncertainty: one.deviation,
      score: utility(field, one.arm, one.mean + bonus(logTotal, one)),
    }));
    return certain(scored);
  };
}
