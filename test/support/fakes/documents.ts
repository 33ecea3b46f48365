/** Whole documents of the model, for tests that care for one or two of their fields. */
import { DEFAULT_FLAGS, DEFAULT_POLICY } from '../../../shared/config/default-policy.ts';
import type { Adapter } from '../../../shared/model/adapter.ts';
import type { Ask } from '../../../shared/model/ask.ts';
import type { ConfigSnapshot } from '../../../shared/model/policy.ts';
import type { SelectRequest } from '../../../shared/model/selection.ts';

export const anAdapter = (id: string, fields: Partial<Adapter> = {}): Adapter => ({
  id,
  provider: 'simulated',
  model: id,
  price: { input_per_mtok: 1, output_per_mtok: 2 },
  quality: 0.5,
  capabilities: [],
  context_window: 10_000,
  max_output_tokens: 1_000,
  latency_ms: 100,
  enabled: true,
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
  ...fields,
});

export const anAsk = (fields: Partial<Ask> = {}): Ask => ({
  prompt: 'Explain quantum computing',
  quality: 'balanced',
  stream: false,
  ...fields,
});

export const aSnapshot = (
  adapters: readonly Adapter[],
  fields: Partial<ConfigSnapshot> = {},
): ConfigSnapshot => ({
  adapters,
  policies: new Map([[DEFAULT_POLICY.id, DEFAULT_POLICY]]),
  flags: DEFAULT_FLAGS,
  ...fields,
});

export const aSelectRequest = (id: string, candidates: readonly string[] = ['a', 'b']): SelectRequest => ({
  id,
  policy: 'default',
  strategy: 'thompson',
  seed: 42,
  weights: { quality: 1, cost: 0.3, latency: 0.1, cost_scale_usd: 0.01, latency_scale_ms: 2_000 },
  candidates: candidates.map((candidate) => ({
    id: candidate,
    prior_quality: 0.5,
    cost_usd: 0.001,
    latency_ms: 100,
  })),
});
