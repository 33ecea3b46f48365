/** The context of a request: only strategies that go by one pay for it (`npm run bench:routing -- --only features`). */
import type { Policy, Strategy } from '../../model/policy.ts';
import { extractFeatures, FEATURES_VERSION, type FeatureInput } from '../features/extract-features.ts';
import { packFeatures } from '../features/pack-features.ts';

/** What `learn` needs once a score comes, as the observation keeps it. */
export interface Learnable {
  /** Packed by features/pack-features.ts. */
  features?: string;
  features_version?: number;
  /** The policy's discount, where it has one. */
  gamma?: number;
}

/** These read `params.likelihood`, and are contextual where it is linear. */
const BY_LIKELIHOOD: ReadonlySet<Strategy> = new Set(['epsilon-greedy', 'greedy', 'fixed']);

export const isContextual = ({ strategy, params }: Pick<Policy, 'strategy' | 'params'>): boolean =>
  strategy === 'linucb' ||
  strategy === 'lin-thompson' ||
  (params.likelihood === 'linear' && BY_LIKELIHOOD.has(strategy));

/** Undefined where the policy does not go by them. `input` is redacted text. */
export const featuresFor = (policy: Policy, input: FeatureInput): readonly number[] | undefined =>
  isContextual(policy) ? extractFeatures(input) : undefined;

export const learnableOf = (policy: Policy, features: readonly number[] | undefined): Learnable => {
  const { gamma = 1 } = policy.params;
  return {
    ...(features === undefined
      ? {}
      : { features: packFeatures(features), features_version: FEATURES_VERSION }),
    ...(gamma < 1 ? { gamma } : {}),
  };
};
