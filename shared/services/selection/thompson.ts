/**
 * Thompson sampling (Chapelle & Li 2011): a quality is drawn from each arm's posterior, Beta (Agrawal & Goyal
 * 2012) or Normal (Agrawal & Goyal 2013), and the best draw decides.
 */
import { type Belief, gaussianBeliefs } from './belief.ts';
import type { Field, Policy, Verdict } from './policy.ts';
import { posterior } from './posterior.ts';
import { byDraws } from './propensity.ts';
import type { Sfc32 } from './random.ts';
import { beta, Sampler } from './sample.ts';

export function betaThompson(priorStrength: number): Policy {
  return (field, rng) => {
    const posteriors = field.arms.map((arm) => posterior(arm, priorStrength));
    const betas = posteriors.map((one) => beta(one.alpha, one.beta));
    const sampler = new Sampler(rng);
    return byDraws(field, posteriors, (index) => {
      const one = betas[index];
      if (one === undefined) throw new RangeError('an arm without its posterior');
      return sampler.drawBeta(one);
    });
  };
}

export function gaussianThompson(priorStrength: number, noise: number): Policy {
  const beliefsOf = gaussianBeliefs(priorStrength, noise);
  return (field, rng) => byNormals(field, beliefsOf(field), 1, rng);
}

/** Draws from Normal(mean, (scale * deviation)^2), one an arm. */
export function byNormals(field: Field, beliefs: readonly Belief[], scale: number, rng: Sfc32): Verdict {
  const sampler = new Sampler(rng);
  return byDraws(field, beliefs, (index) => {
    const one = beliefs[index];
    if (one === undefined) throw new RangeError('an arm without its belief');
    return one.mean + scale * one.deviation * sampler.drawNormal();
  });
}
