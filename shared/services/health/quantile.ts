/**
 * A running quantile by stochastic approximation (Robbins and Monro, 1951), on the logarithm so that its steps fit any scale:
 * up by STEP * p where a sample lies above, down by STEP * (1 - p) where not. In balance a share of 1 - p lies above. A
 * sample of which only a lower bound is known counts right as long as that bound lies above.
 */
import type { Quantile } from '../../model/health.ts';

const P = 0.95;
const STEP = 0.15;
const LEAST_MS = 0.1;
/** Until then the largest sample is the better guess. */
const FIRST = 10;

export const withSample = (known: Quantile | undefined, ms: number): Quantile => {
  const sample = Math.max(LEAST_MS, ms);
  if (known === undefined) return { ms: sample, samples: 1 };
  const samples = known.samples + 1;
  if (known.samples < FIRST) return { ms: Math.max(known.ms, sample), samples };
  const isAbove = sample > known.ms;
  return { ms: Math.max(LEAST_MS, known.ms * Math.exp(isAbove ? STEP * P : -STEP * (1 - P))), samples };
};
