/** What the selector is asked about one prepared request. */
import { learningStateOf, type Policy } from '../../model/policy.ts';
import type { SelectRequest } from '../../model/selection.ts';
import type { Features } from '../features/feature-kinds.ts';
import { featureKindOf } from './context.ts';
import type { Prepared } from './predict.ts';

export interface Context {
  features: Features;
  task?: number | undefined;
}

/** `features` hold those of the policy's kind, where it goes by any; `task` is the hash of what the caller named its task. */
export const selectRequestOf = (
  id: string,
  { policy, ask, eligible }: Prepared,
  { features, task }: Context,
  seed: number,
): SelectRequest => ({
  id,
  policy: learningStateOf(policy),
  strategy: policy.strategy,
  params: policy.params,
  seed,
  weights: policy.weights[ask.quality],
  candidates: eligible.map(({ adapter, costUsd, latencyMs, availability = 1 }) => ({
    id: adapter.id,
    prior_quality: adapter.quality,
    cost_usd: costUsd,
    latency_ms: latencyMs,
    availability,
  })),
  ...featuresFor(policy, features),
  ...(task === undefined || featureKindOf(policy) === undefined ? {} : { task }),
});

const featuresFor = (policy: Policy, features: Features): Pick<SelectRequest, 'features'> => {
  const kind = featureKindOf(policy);
  const values = kind === undefined ? undefined : features[kind];
  return values === undefined ? {} : { features: values };
};
