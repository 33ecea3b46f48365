/**
 * Beta posterior of an adapter's quality: the registered quality counts as `prior_strength` observations, and a
 * fractional score s adds s to alpha and 1 - s to beta (Agrawal & Goyal 2012, without the coin).
 */
import type { Arm } from './policy.ts';

/** A prior of exactly 0 or 1 could never be unlearnt. */
const PRIOR_MARGIN = 0.01;

export interface Posterior {
  readonly alpha: number;
  readonly beta: number;
  /** Observations and pseudo-observations together. */
  readonly weight: number;
  readonly mean: number;
  readonly deviation: number;
  /** Sum of squares of both, pseudo-observations being 0 or 1. */
  readonly squares: number;
}

export function posterior(arm: Arm, strength: number): Posterior {
  const prior = Math.min(Math.max(arm.priorQuality, PRIOR_MARGIN), 1 - PRIOR_MARGIN);
  const alpha = strength * prior + arm.state.sum;
  const beta = strength * (1 - prior) + Math.max(arm.state.n - arm.state.sum, 0);
  const weight = alpha + beta;
  const deviation = Math.sqrt((alpha * beta) / (weight * weight * (weight + 1)));
  const squares = strength * prior + arm.state.sumSquares;
  return { alpha, beta, weight, mean: alpha / weight, deviation, squares };
}
