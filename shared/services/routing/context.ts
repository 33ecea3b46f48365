/** The context of a request: only strategies that go by one pay for it (`npm run bench:routing -- --only features`). */
import { DEFAULT_MEMORY } from '../../model/memory-state.ts';
import type { Learnable } from '../../model/observation.ts';
import { learningStateOf, type Policy, type Strategy } from '../../model/policy.ts';
import { extractFeatures, type FeatureInput } from '../features/extract-features.ts';

/** Extracted once, by the first that goes by them. */
export interface Context {
  features(): readonly number[];
  /** What was extracted so far. */
  readonly extracted: readonly number[] | undefined;
}

/** `input` is redacted text. */
export const contextOf = (input: FeatureInput): Context => {
  let extracted: readonly number[] | undefined;
  return {
    features: () => {
      extracted ??= extractFeatures(input);
      return extracted;
    },
    get extracted() {
      return extracted;
    },
  };
};

/** These read `params.likelihood`, and are contextual where it is linear. */
const BY_LIKELIHOOD: ReadonlySet<Strategy> = new Set(['epsilon-greedy', 'greedy', 'fixed']);

export const isContextual = ({ strategy, params }: Pick<Policy, 'strategy' | 'params'>): boolean =>
  strategy === 'linucb' ||
  strategy === 'lin-thompson' ||
  strategy === 'knn' ||
  (params.likelihood === 'linear' && BY_LIKELIHOOD.has(strategy));

export const learnableOf = (policy: Policy): Learnable => {
  const { gamma = 1, memory = DEFAULT_MEMORY } = policy.params;
  const state = learningStateOf(policy);
  return {
    ...(state === policy.id ? {} : { learning_state: state }),
    ...(isContextual(policy) ? { contextual: true } : {}),
    ...(gamma < 1 ? { gamma } : {}),
    ...(policy.strategy === 'knn' ? { memory } : {}),
  };
};
