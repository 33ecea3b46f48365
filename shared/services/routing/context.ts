/** What a policy's decision goes by besides counts: only strategies with a context pay for one (`npm run bench:routing -- --only features`). */
import { DEFAULT_MEMORY } from '../../model/memory-state.ts';
import type { Learnable } from '../../model/observation.ts';
import { type FeatureKind, learningStateOf, type Policy, type Strategy } from '../../model/policy.ts';

/** These read `params.likelihood`, and are contextual where it is linear. */
const BY_LIKELIHOOD: ReadonlySet<Strategy> = new Set(['epsilon-greedy', 'greedy', 'fixed']);

export const isContextual = ({ strategy, params }: Pick<Policy, 'strategy' | 'params'>): boolean =>
  strategy === 'linucb' ||
  strategy === 'lin-thompson' ||
  strategy === 'knn' ||
  (params.likelihood === 'linear' && BY_LIKELIHOOD.has(strategy));

/** Undefined where it goes by none. */
export const featureKindOf = (
  policy: Pick<Policy, 'strategy' | 'params' | 'features'>,
): FeatureKind | undefined => (isContextual(policy) ? (policy.features ?? 'hashed') : undefined);

/** `task` is the hash of what the caller named its task. */
export const learnableOf = (policy: Policy, task?: number): Learnable => {
  const { gamma = 1, memory = DEFAULT_MEMORY } = policy.params;
  const state = learningStateOf(policy);
  const kind = featureKindOf(policy);
  return {
    ...(state === policy.id ? {} : { learning_state: state }),
    ...(kind === undefined ? {} : { contextual: true }),
    ...(kind === 'embedded' ? { features_kind: kind } : {}),
    ...(kind === undefined || task === undefined ? {} : { task }),
    ...(gamma < 1 ? { gamma } : {}),
    ...(policy.strategy === 'knn' ? { memory } : {}),
  };
};
