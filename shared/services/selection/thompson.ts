/**
 * Thompson sampling (Chapelle & Li 2011): a quality is drawn from each arm's posterior, Beta (Agrawal & Goyal
 * 2012) or Normal (Agrawal & Goyal 2013), and the best draw decides.
 */
import { gaussianBeliefs } from './belief.ts';
import { byAtoms, byNormals } from './by-atoms.ts';
import type { Policy } from './policy.ts';
import { posterior } from './posterior.ts';

const NO_ATOMS = new Float64Array();

export function betaThompson(priorStrength: number, floor: number): Policy {
  return (field, rng) => {
    const posteriors = field.arms.map((arm) => posterior(arm, priorStrength));
    const atoms = posteriors.map(({ alpha, beta }) => field.memo.betas.atoms(alpha, beta));
    return byAtoms(field, posteriors, floor, (index) => atoms[index] ?? NO_ATOMS, rng);
  };
}

export function gaussianThompson(priorStrength: number, noise: number, floor: number): Policy {
  const beliefsOf = gaussianBeliefs(priorStrength, noise);
  return (field, rng) => byNormals(field, beliefsOf(field), 1, floor, rng);
}
