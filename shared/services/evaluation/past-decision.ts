/** Which observations off-policy estimators may use, and why not the others. */
import { keptFeatures, type Observation } from '../../model/observation.ts';
import type { FeatureKind, UtilityWeights } from '../../model/policy.ts';
import { FEATURE_VERSIONS } from '../features/feature-kinds.ts';

/** In the order in which they are looked for; the first one counts. */
export const EXCLUSIONS = [
  'not_answered',
  'not_scored',
  'sticky',
  'failed_over',
  'cached',
  'no_propensity',
  'no_features',
] as const;
export type Exclusion = (typeof EXCLUSIONS)[number];

/** An observation with a score, chosen with a known probability above 0. */
export interface PastDecision extends Observation {
  quality_score: number;
}

const exclusionOf = (observation: Observation, kind: FeatureKind | undefined): Exclusion | undefined => {
  if (observation.outcome !== 'success') return 'not_answered';
  if (observation.quality_score === null) return 'not_scored';
  if (observation.sticky === true) return 'sticky';
  if (observation.failed_over === true) return 'failed_over';
  if (observation.cached === true) return 'cached';
  if (!(observation.propensity > 0 && observation.propensity <= 1)) return 'no_propensity';
  // The hashed ones follow from the prompt that was kept.
  return kind === 'embedded' && keptFeatures(observation, kind, FEATURE_VERSIONS) === undefined
    ? 'no_features'
    : undefined;
};

export interface Sorted {
  /** Oldest first. */
  usable: PastDecision[];
  excluded: Record<Exclusion, number>;
}

/** `kind` is what the policy that is judged goes by. */
export const sortOut = (observations: readonly Observation[], kind: FeatureKind | undefined): Sorted => {
  const excluded = Object.fromEntries(EXCLUSIONS.map((reason) => [reason, 0])) as Record<Exclusion, number>;
  const usable: PastDecision[] = [];
  for (const observation of observations) {
    const reason = exclusionOf(observation, kind);
    if (reason === undefined) usable.push(observation as PastDecision);
    else excluded[reason] += 1;
  }
  return { usable: usable.sort((one, other) => (one.id < other.id ? -1 : 1)), excluded };
};

export const REWARDS = ['quality', 'utility', 'cost_usd'] as const;
export type Reward = (typeof REWARDS)[number];

/** What a decision earned: its score, what it cost, and its utility by the tier's weights, from what was measured. */
export const rewardsOf = (
  { quality_score, cost_usd, latency_ms }: PastDecision,
  weights: UtilityWeights,
): Record<Reward, number> => ({
  quality: quality_score,
  cost_usd,
  utility:
    weights.quality * quality_score -
    (weights.cost * cost_usd) / weights.cost_scale_usd -
    (weights.latency * latency_ms) / weights.latency_scale_ms,
});
