/**
 * Thompson sampling with Beta posteriors (Chapelle & Li 2011; Agrawal & Goyal 2012). One draw decides; that draw
 * and 255 more estimate every candidate's propensity p, with a standard error of sqrt(p (1 - p) / 256).
 */
import type { Arm, Field, Policy } from './policy.ts';
import { utility } from './policy.ts';
import { posterior } from './posterior.ts';
import { type Beta, beta, Sampler } from './sample.ts';

const DRAWS = 256;

interface Drawn {
  readonly arm: Arm;
  readonly beta: Beta;
}

export function thompson(priorStrength: number): Policy {
  return (field, rng) => {
    const posteriors = field.arms.map((arm) => posterior(arm, priorStrength));
    const drawn = posteriors.map((one, index): Drawn => {
      const arm = field.arms[index];
      if (arm === undefined) throw new RangeError('a posterior without its arm');
      return { arm, beta: beta(one.alpha, one.beta) };
    });
    const sampler = new Sampler(rng);
    const scores = new Float64Array(drawn.length);
    const wins = new Uint32Array(drawn.length);
    tally(wins, draw(field, drawn, sampler, scores));
    const decided = scores.slice();
    if (drawn.length === 1) wins[0] = DRAWS;
    else for (let round = 1; round < DRAWS; round += 1) tally(wins, draw(field, drawn, sampler, scores));
    return posteriors.map((one, index) => ({
      quality: one.mean,
      uncertainty: one.deviation,
      score: decided[index] ?? 0,
      propensity: (wins[index] ?? 0) / DRAWS,
    }));
  };
}

/** Fills in every arm's utility for one draw and returns the first of the highest. */
function draw(field: Field, drawn: readonly Drawn[], sampler: Sampler, scores: Float64Array): number {
  let winner = 0;
  let highest = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < drawn.length; index += 1) {
    const one = drawn[index];
    if (one === undefined) break;
    const score = utility(field, one.arm, sampler.drawBeta(one.beta));
    scores[index] = score;
    if (score > highest) {
      winner = index;
      highest = score;
    }
  }
  return winner;
}

function tally(wins: Uint32Array, winner: number): void {
  wins[winner] = (wins[winner] ?? 0) + 1;
}
