/**
 * Strategies that decide by a random draw from each arm's posterior: every posterior is 64 atoms (see discrete/), one
 * atom an arm is drawn, and the highest utility wins. Propensities are the probabilities of just that, not estimates. A
 * share of the choices, `floor`, is made uniformly among the K arms, since an arm that no draw can make the best could
 * never be judged from what is logged: no propensity is below floor / K.
 */
import { at } from './at.ts';
import { type Belief, told } from './belief.ts';
import { ATOMS, draw } from './discrete/grid.ts';
import { NORMAL_ATOMS } from './discrete/normal.ts';
import { winProbabilities } from './discrete/winner.ts';
import { best, type Field, utility, type Verdict } from './policy.ts';
import type { Sfc32 } from './random.ts';

/** `qualities` are those of the arm with that index, 64 in ascending order. */
export function byAtoms(
  field: Field,
  beliefs: readonly Belief[],
  floor: number,
  qualities: (index: number) => ArrayLike<number>,
  rng: Sfc32,
): Verdict {
  const atoms = utilities(field, qualities);
  const scores = Float64Array.from(field.arms, (_, index) => at(atoms, index * ATOMS + draw(rng)));
  const count = scores.length;
  const chosen = rng.nextUnit() < floor ? Math.floor(rng.nextUnit() * count) : best(scores);
  const wins = winProbabilities(atoms);
  const assessed = beliefs.map((belief, index) => ({
    ...told(belief),
    score: at(scores, index),
    propensity: (1 - floor) * at(wins, index) + floor / count,
  }));
  return { assessed, chosen };
}

/** Qualities are Normal(mean, (scale * deviation)^2). */
export function byNormals(
  field: Field,
  beliefs: readonly Belief[],
  scale: number,
  floor: number,
  rng: Sfc32,
): Verdict {
  const qualities = (index: number) => {
    const { mean, deviation } = beliefs[index] ?? { mean: Number.NaN, deviation: Number.NaN };
    return NORMAL_ATOMS.map((z) => mean + scale * deviation * z);
  };
  return byAtoms(field, beliefs, floor, qualities, rng);
}

/** Arm after arm. */
function utilities(field: Field, qualities: (index: number) => ArrayLike<number>): Float64Array {
  const atoms = new Float64Array(field.arms.length * ATOMS);
  for (const [index, arm] of field.arms.entries()) {
    const ofArm = qualities(index);
    for (let atom = 0; atom < ATOMS; atom += 1) {
      atoms[index * ATOMS + atom] = utility(field, arm, at(ofArm, atom));
    }
  }
  return atoms;
}
