/**
 * Propensities of strategies that decide by a random draw: how often each arm comes first in 256 draws, of which
 * the first decides. A propensity p has a standard error of sqrt(p (1 - p) / 256); the chosen arm's is never 0.
 */
import type { Belief } from './belief.ts';
import { best, type Field, utility, type Verdict } from './policy.ts';

const DRAWS = 256;

/** `draw` draws one quality of the arm with that index. */
export function byDraws(field: Field, beliefs: readonly Belief[], draw: (index: number) => number): Verdict {
  const scores = new Float64Array(beliefs.length);
  const wins = new Uint32Array(beliefs.length);
  const chosen = round(field, draw, scores);
  wins[chosen] = beliefs.length === 1 ? DRAWS : 1;
  if (beliefs.length > 1) countWins(field, draw, wins);
  const assessed = beliefs.map(({ mean, deviation }, index) => ({
    quality: mean,
    uncertainty: deviation,
    score: scores[index] ?? 0,
    propensity: (wins[index] ?? 0) / DRAWS,
  }));
  return { assessed, chosen };
}

function countWins(field: Field, draw: (index: number) => number, wins: Uint32Array): void {
  const scores = new Float64Array(wins.length);
  for (let count = 1; count < DRAWS; count += 1) {
    const winner = round(field, draw, scores);
    wins[winner] = (wins[winner] ?? 0) + 1;
  }
}

/** Fills in every arm's utility for one draw and returns the winner. */
function round(field: Field, draw: (index: number) => number, scores: Float64Array): number {
  field.arms.forEach((arm, index) => {
    scores[index] = utility(field, arm, draw(index));
  });
  return best(scores);
}
