/**
 * Strategies that go by the request's features, with one linear model an arm ("disjoint"): LinUCB (Li, Chu, Langford
 * & Schapire, WWW 2010) and linear Thompson sampling (Agrawal & Goyal, ICML 2013). An arm that has learnt from no
 * features, or from another number of them, is believed what its prior says.
 */
import type { Belief } from './belief.ts';
import { byNormals } from './by-atoms.ts';
import { MISSING_FEATURES, type RequestFault } from './check.ts';
import { type Arm, certain, type Field, type Policy, utility } from './policy.ts';
import { predict, predictByPrior } from './ridge.ts';

const SINGULAR: RequestFault = {
  code: 'singular_matrix',
  message: "a candidate's learnt state has no solution; raise params.lambda",
};

/** The deviation is noise * sqrt(x^T (A + lambda I)^-1 x). */
export function linearBeliefs(lambda: number, noise: number) {
  return (field: Field): readonly Belief[] | RequestFault => {
    if (field.features.length === 0) return MISSING_FEATURES;
    const beliefs: Belief[] = [];
    for (const arm of field.arms) {
      const belief = beliefOf(field, arm, lambda, noise);
      if (belief === undefined) return SINGULAR;
      beliefs.push(belief);
    }
    return beliefs;
  };
}

/** Mean plus alpha sqrt(x^T A^-1 x), where alpha is exploration * noise; propensities are 1 and 0. */
export function linUcb(lambda: number, noise: number, exploration: number): Policy {
  const beliefsOf = linearBeliefs(lambda, noise);
  return (field) => {
    const beliefs = beliefsOf(field);
    if ('code' in beliefs) return beliefs;
    const scored = field.arms.map((arm, index) => {
      const { mean, deviation } = beliefs[index] ?? { mean: Number.NaN, deviation: Number.NaN };
      const score = utility(field, arm, mean + exploration * deviation);
      return { quality: mean, uncertainty: deviation, score };
    });
    return certain(scored);
  };
}

/** Draws theta . x, which is as Normal as theta is, with v = exploration * noise: arms share no theta. */
export function linThompson(lambda: number, noise: number, exploration: number, floor: number): Policy {
  const beliefsOf = linearBeliefs(lambda, noise);
  return (field, rng) => {
    const beliefs = beliefsOf(field);
    return 'code' in beliefs ? beliefs : byNormals(field, beliefs, exploration, floor, rng);
  };
}

function beliefOf(field: Field, arm: Arm, lambda: number, noise: number): Belief | undefined {
  const { linear } = arm.state;
  const { features, memo } = field;
  let predicted = predictByPrior(features, lambda, arm.priorQuality);
  if (linear?.dimension === features.length) {
    const ridge = memo.ridges.solve(linear, lambda);
    if (ridge === undefined) return undefined;
    predicted = predict(ridge, features, arm.priorQuality);
  }
  const belief = { mean: predicted.mean, deviation: noise * Math.sqrt(predicted.spread) };
  return Number.isFinite(belief.mean) && Number.isFinite(belief.deviation) ? belief : undefined;
}
