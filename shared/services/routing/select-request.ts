/** What the selector is asked about one prepared request. */
import { learningStateOf } from '../../model/policy.ts';
import type { SelectRequest } from '../../model/selection.ts';
import { type Context, isContextual } from './context.ts';
import type { Prepared } from './predict.ts';

export const selectRequestOf = (
  id: string,
  { policy, ask, eligible }: Prepared,
  context: Context,
  seed: number,
): SelectRequest => ({
  id,
  policy: learningStateOf(policy),
  strategy: policy.strategy,
  params: policy.params,
  seed,
  weights: policy.weights[ask.quality],
  candidates: eligible.map(({ adapter, costUsd, latencyMs }) => ({
    id: adapter.id,
    prior_quality: adapter.quality,
    cost_usd: costUsd,
    latency_ms: latencyMs,
    availability: 1,
  })),
  ...(isContextual(policy) ? { features: context.features() } : {}),
});
