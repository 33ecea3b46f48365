/**
 * What a policy would have earned on the traffic of others. The log is cut in two: from its older half the policy learns what
 * it would know, and the reward model of the doubly robust estimator is made; the newer half judges. So nothing is judged
 * by what it was made from. The estimators and what they assume: off-policy.ts.
 */
import type { Adapter } from '../../model/adapter.ts';
import type { Observation } from '../../model/observation.ts';
import type { Policy } from '../../model/policy.ts';
import { featureKindOf, learnableOf } from '../routing/context.ts';
import { pastFeatures, pastTask, SecondDecisions, type Target } from './decide-again.ts';
import { fitState } from './fit-state.ts';
import type { ModelledDecision } from './logged-decision.ts';
import { doublyRobust, type Estimate, inversePropensity, selfNormalised } from './off-policy.ts';
import {
  type Exclusion,
  type PastDecision,
  REWARDS,
  type Reward,
  rewardsOf,
  sortOut,
} from './past-decision.ts';
import { RewardModel } from './reward-model.ts';

/** A mean a request with a 95 % interval; null where one request alone says nothing of the spread. */
export interface Interval {
  value: number;
  low: number | null;
  high: number | null;
}

export interface Estimates {
  ips: Interval;
  snips: Interval;
  doubly_robust: Interval;
}

/** What a policy earned with its own decisions. */
export interface OnPolicy {
  count: number;
  quality: Interval;
  utility: Interval;
  cost_usd: Interval;
}

export interface Evaluation {
  policy: string;
  version: number;
  /** Observations looked at. */
  read: number;
  excluded: Record<Exclusion | 'no_candidate', number>;
  /** Older decisions that the policy learnt from. */
  fitted: number;
  /** Newer decisions of other policies that judge. */
  judged: number;
  /** Of the judged ones, how many the policy had decided in shadow. */
  from_shadow: number;
  /** Kish's: so many decisions of the policy's own would say as much. */
  effective_size: number;
  largest_weight: number;
  /** The share of the policy's choices that the logs may speak of: models that could have been drawn. Below 1 the estimates are biased. */
  coverage: number;
  /** Null where nothing judges. */
  quality: Estimates | null;
  utility: Estimates | null;
  cost_usd: Estimates | null;
  own: OnPolicy | null;
  champion: OnPolicy | null;
}

export interface EvaluationInput {
  policy: Policy;
  /** By whose weights the utility counts, and whose own value is told beside; the policy itself where it has none. */
  champion?: Policy | undefined;
  adapters: readonly Adapter[];
  observations: readonly Observation[];
  /** Lets others go on, between some decisions. */
  pause: () => Promise<void>;
}

const BETWEEN_PAUSES = 8;

interface Judged {
  past: PastDecision;
  target: NonNullable<Target>;
}

export const evaluatePolicy = async (input: EvaluationInput): Promise<Evaluation> => {
  const { policy, champion = policy, observations } = input;
  const { usable, excluded } = sortOut(observations, featureKindOf(policy));
  const older = usable.slice(0, Math.floor(usable.length / 2));
  const newer = usable.slice(older.length);
  const decisions = await learntFrom(older, input);
  const judged: Judged[] = [];
  let strangers = 0;
  for (const [index, past] of newer.filter((one) => one.policy !== policy.id).entries()) {
    if (index % BETWEEN_PAUSES === 0) await input.pause();
    const target = decisions.decide(past);
    if (target === undefined) strangers += 1;
    else judged.push({ past, target });
  }
  const model = new RewardModel(older, champion.weights);
  const estimated = Object.fromEntries(
    REWARDS.map((reward) => [reward, estimatesOf(judged, reward, model, champion)]),
  ) as Record<Reward, Computed | null>;
  return {
    policy: policy.id,
    version: policy.version,
    read: observations.length,
    excluded: { ...excluded, no_candidate: strangers },
    fitted: older.length,
    judged: judged.length,
    from_shadow: judged.filter(({ past }) =>
      past.shadow?.some((one) => one.policy === policy.id && one.version === policy.version),
    ).length,
    effective_size: estimated.quality?.basis.effectiveSize ?? 0,
    largest_weight: estimated.quality?.basis.largestWeight ?? 0,
    coverage: coverageOf(judged),
    quality: estimated.quality?.estimates ?? null,
    utility: estimated.utility?.estimates ?? null,
    cost_usd: estimated.cost_usd?.estimates ?? null,
    own: onPolicy(newer, policy, champion),
    champion: input.champion === undefined ? null : onPolicy(newer, champion, champion),
  };
};

const learntFrom = async (
  older: readonly PastDecision[],
  { policy, adapters, pause }: EvaluationInput,
): Promise<SecondDecisions> => {
  const kind = featureKindOf(policy);
  const lessons = [];
  for (const [index, past] of older.entries()) {
    if (index % BETWEEN_PAUSES === 0) await pause();
    const features = kind === undefined ? undefined : pastFeatures(past, policy)[kind];
    lessons.push({ arm: past.model, score: past.quality_score, features, task: pastTask(past) });
  }
  return new SecondDecisions(policy, adapters, fitState(lessons, learnableOf(policy)));
};

interface Computed {
  estimates: Estimates;
  basis: Estimate;
}

const estimatesOf = (
  judged: readonly Judged[],
  reward: Reward,
  model: RewardModel,
  { weights }: Policy,
): Computed | null => {
  if (judged.length === 0) return null;
  const log = judged.map(({ past, target }): ModelledDecision => {
    const modelledTarget = Object.entries(target).reduce(
      (sum, [id, probability]) => sum + probability * model.predict(reward, id),
      0,
    );
    return {
      propensity: past.propensity,
      reward: rewardsOf(past, weights[past.quality])[reward],
      target: target[past.model] ?? 0,
      modelled: model.predict(reward, past.model),
      modelledTarget,
    };
  });
  const basis = inversePropensity(log);
  return {
    basis,
    estimates: {
      ips: intervalOf(basis),
      snips: intervalOf(selfNormalised(log)),
      doubly_robust: intervalOf(doublyRobust(log)),
    },
  };
};

const coverageOf = (judged: readonly Judged[]): number => {
  if (judged.length === 0) return 0;
  const covered = judged.reduce((sum, { past, target }) => {
    const possible = Object.entries(target).filter(([id]) => (past.propensities[id] ?? 0) > 0);
    return sum + possible.reduce((share, [, probability]) => share + probability, 0);
  }, 0);
  return Math.min(1, covered / judged.length);
};

/** Its own decisions were drawn by itself, so their plain mean is right. */
const onPolicy = (past: readonly PastDecision[], { id }: Policy, { weights }: Policy): OnPolicy | null => {
  const own = past.filter((one) => one.policy === id);
  if (own.length === 0) return null;
  const meanOf = (reward: Reward): Interval =>
    intervalOf(
      inversePropensity(
        own.map((one) => ({
          propensity: 1,
          target: 1,
          reward: rewardsOf(one, weights[one.quality])[reward],
        })),
      ),
    );
  return {
    count: own.length,
    quality: meanOf('quality'),
    utility: meanOf('utility'),
    cost_usd: meanOf('cost_usd'),
  };
};

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

const intervalOf = ({ value, low, high }: Estimate): Interval => ({
  value,
  low: finite(low),
  high: finite(high),
});
