/** What routes a request where no policy was set. Weights belong to the quality tier, so changing them needs no relearning. */
import type { Flags, PiiDetectorKind, Policy, UtilityWeights } from '../model/policy.ts';

const weights = (quality: number, cost: number, latency: number): UtilityWeights => ({
  quality,
  cost,
  latency,
  cost_scale_usd: 0.01,
  latency_scale_ms: 2_000,
});

export const DEFAULT_POLICY: Policy = {
  id: 'default',
  version: 0,
  strategy: 'thompson',
  params: { prior_strength: 8, gamma: 1, exploration: 1 },
  weights: { fast: weights(0.5, 0.3, 0.5), balanced: weights(1, 0.3, 0.1), high: weights(1, 0.05, 0.02) },
  pii_mode: 'observe',
  expected_output_tokens: 256,
  sticky_sessions: true,
};

/** The first step of the rollout: the model still flags two clean prompts in a hundred. */
const DEFAULT_DETECTOR: PiiDetectorKind = 'rules';

export const DEFAULT_FLAGS: Flags = {
  selector: { rust_percent: 100, enabled: true },
  pii: { detector: DEFAULT_DETECTOR },
};
