/**
 * Strategies that go by the request's features, with one linear model an arm ("disjoint"): LinUCB (Li, Chu, Langford
 * & Schapire, WWW 2010) and linear Thompson sampling (Agrawal & Goyal, ICML 2013). An arm that has learnt from no
 * features, or from another number of them, is believed what its prior says. Where the caller names its task, the prediction
 * is held to the mean of the arm's own scores of that task, as if it were `task_strength` of them.
 */
import type { TaskCount } from '../../model/task-counts.ts';
import { type Belief, NO_BELIEF, told } from './belief.ts';
import { byNormals } from './by-atoms.ts';
import { MISSING_FEATURES, type RequestFault } from './check.ts';
import { type Arm, certain, type Field, type Policy, utility } from './policy.ts';
import { predict, predictByPrior } from './ridge.ts';

const SINGULAR: RequestFault = {
  code: 'singular_matrix',
  message: "a candidate's learnt state has no solution; raise params.lambda",
};

export interface LinearSettings {
  readonly lambda: number;
  readonly noise: number;
  readonly task_strength: number;
}

/** The deviation is noise * sqrt(x^T (A + lambda I)^-1 x). */
export function linearBeliefs(settings: LinearSettings) {
  return (field: Field): readonly Belief[] | RequestFault => {
    if (field.features.length === 0) return MISSING_FEATURES;
    const beliefs: Belief[] = [];
    for (const arm of field.arms) {
      const belief = beliefOf(field, arm, settings);
      if (belief === undefined) return SINGULAR;
      beliefs.push(belief);
    }
    return beliefs;
  };
}

/** Mean plus alpha sqrt(x^T A^-1 x), where alpha is exploration * noise; propensities are 1 and 0. */
export function linUcb(settings: LinearSettings, exploration: number): Policy {
  const beliefsOf = linearBeliefs(settings);
  return (field) => {
    const beliefs = beliefsOf(field);
    if ('code' in beliefs) return beliefs;
    const scored = field.arms.map((arm, index) => {
      const belief = beliefs[index] ?? NO_BELIEF;
      const score = utility(field, arm, belief.mean + exploration * belief.deviation);
      return { ...told(belief), score };
    });
    return certain(scored);
  };
}

/** Draws theta . x, which is as Normal as theta is, with v = exploration * noise: arms share no theta. */
export function linThompson(settings: LinearSettings, exploration: number, floor: number): Policy {
  const beliefsOf = linearBeliefs(settings);
  return (field, rng) => {
    const beliefs = beliefsOf(field);
    return 'code' in beliefs ? beliefs : byNormals(field, beliefs, exploration, floor, rng);
  };
}

function beliefOf(field: Field, arm: Arm, settings: LinearSettings): Belief | undefined {
  const { linear, tasks } = arm.state;
  const { features, task, memo } = field;
  const { lambda, noise } = settings;
  let predicted = predictByPrior(features, lambda, arm.priorQuality);
  if (linear?.dimension === features.length) {
    const ridge = memo.ridges.solve(linear, lambda);
    if (ridge === undefined) return undefined;
    predicted = predict(ridge, features, arm.priorQuality);
  }
  const deviation = noise * Math.sqrt(predicted.spread);
  const counted = task === undefined ? undefined : tasks?.find((one) => one.task === task);
  const belief =
    counted === undefined
      ? { mean: predicted.mean, deviation }
      : { ...held(predicted.mean, counted, settings), deviation };
  return Number.isFinite(belief.mean) && Number.isFinite(deviation) ? belief : undefined;
}

function held(predicted: number, { n, sum }: TaskCount, { task_strength: strength }: LinearSettings) {
  const mean = (strength * predicted + sum) / (strength + n);
  return { mean, byTask: mean - predicted };
}
