/**
 * What a policy would have earned, estimated from another policy's traffic. All three estimators need the logging
 * policy to have given every action that the judged one takes a probability above 0; where it did not, they are biased
 * and nothing here can tell. Intervals are normal approximations: short logs and large weights make them too narrow,
 * which `effectiveSize` shows.
 */
import { assertUsable, type LoggedDecision, type ModelledDecision } from './logged-decision.ts';

export interface Estimate {
  /** Mean reward a decision. Not clamped to the rewards' range, since clamping would bias it. */
  readonly value: number;
  readonly standardError: number;
  readonly low: number;
  readonly high: number;
  /** Decisions in the log. */
  readonly size: number;
  /** Kish's effective sample size of the importance weights: (sum w)^2 / sum w^2; 0 where no weight is above 0. */
  readonly effectiveSize: number;
  readonly largestWeight: number;
}

/** Two-sided 95 %. */
const Z = 1.959_963_984_540_054;

const weightOf = ({ target, propensity }: LoggedDecision): number => target / propensity;

/** Inverse propensity scoring (Horvitz & Thompson, JASA 1952): unbiased, of high variance. Throws UnusableLogError. */
export function inversePropensity(log: readonly LoggedDecision[]): Estimate {
  assertUsable(log);
  return meanOf(
    log.map((decision) => weightOf(decision) * decision.reward),
    log,
  );
}

/**
 * Self-normalised IPS (Swaminathan & Joachims, NIPS 2015): divides by the weights' sum, which trades a bias that
 * vanishes with the log's length for less variance. The interval is by the delta method. 0 with an infinite interval where
 * the judged policy takes none of the logged actions. Throws UnusableLogError.
 */
export function selfNormalised(log: readonly LoggedDecision[]): Estimate {
  assertUsable(log);
  let weights = 0;
  let earned = 0;
  for (const decision of log) {
    weights += weightOf(decision);
    earned += weightOf(decision) * decision.reward;
  }
  if (weights === 0) return estimate(0, Number.POSITIVE_INFINITY, log);
  const value = earned / weights;
  let squares = 0;
  for (const decision of log) squares += (weightOf(decision) * (decision.reward - value)) ** 2;
  return estimate(value, Math.sqrt(squares) / weights, log);
}

/**
 * Doubly robust (Dudík, Langford & Li, ICML 2011): the model's value plus the weighted error of the model on what was
 * seen; right when either propensities or model are. Throws UnusableLogError.
 */
export function doublyRobust(log: readonly ModelledDecision[]): Estimate {
  assertUsable(log);
  return meanOf(
    log.map(
      (decision) => decision.modelledTarget + weightOf(decision) * (decision.reward - decision.modelled),
    ),
    log,
  );
}

/** One decision says nothing of its variance: the interval is then infinite. */
function meanOf(terms: readonly number[], log: readonly LoggedDecision[]): Estimate {
  const value = terms.reduce((sum, term) => sum + term, 0) / terms.length;
  const squares = terms.reduce((sum, term) => sum + (term - value) ** 2, 0);
  const error =
    terms.length > 1 ? Math.sqrt(squares / (terms.length - 1) / terms.length) : Number.POSITIVE_INFINITY;
  return estimate(value, error, log);
}

function estimate(value: number, standardError: number, log: readonly LoggedDecision[]): Estimate {
  let sum = 0;
  let squares = 0;
  let largestWeight = 0;
  for (const decision of log) {
    const weight = weightOf(decision);
    sum += weight;
    squares += weight * weight;
    largestWeight = Math.max(largestWeight, weight);
  }
  return {
    value,
    standardError,
    low: value - Z * standardError,
    high: value + Z * standardError,
    size: log.length,
    effectiveSize: squares === 0 ? 0 : (sum * sum) / squares,
    largestWeight,
  };
}
