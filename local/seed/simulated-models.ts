/** Models that need no key, different enough that learning shows: cheap and weak, dear and strong, slow, fast. */
import type { Adapter, Capability } from '../../shared/model/adapter.ts';

export type ModelSeed = Pick<Adapter, 'id' | 'provider' | 'model' | 'price' | 'quality' | 'latency_ms'> &
  Partial<Adapter>;

const simulated = (
  id: string,
  price: [input: number, output: number],
  prior: number,
  quality: number,
  latencyMs: number,
): ModelSeed => ({
  id,
  provider: 'simulated',
  model: id,
  capabilities: ['tools', 'vision', 'json', 'streaming'],
  price: { input_per_mtok: price[0], output_per_mtok: price[1] },
  quality: prior,
  latency_ms: latencyMs,
  simulated: { quality, latency_ms: latencyMs, jitter: 0.2, chunks: 8 },
});

/** The priors are near the truth but not it: there is something left to learn. */
export const SIMULATED_MODELS: readonly ModelSeed[] = [
  simulated('sim-nano', [0.1, 0.4], 0.5, 0.45, 60),
  simulated('sim-small', [0.3, 1.2], 0.6, 0.65, 120),
  simulated('sim-coder', [0.6, 2.4], 0.6, 0.7, 200),
  simulated('sim-medium', [2, 8], 0.75, 0.8, 250),
  simulated('sim-large', [10, 30], 0.9, 0.93, 600),
];

const DEFAULTS = {
  /** Nothing is known of them. */
  capabilities: [] as Capability[],
  context_window: 128_000,
  max_output_tokens: 16_384,
  enabled: true,
} satisfies Partial<Adapter>;

export const asAdapter = (seed: ModelSeed, now: number): Adapter => {
  const at = new Date(now).toISOString();
  return { ...DEFAULTS, capabilities: [...DEFAULTS.capabilities], ...seed, created_at: at, updated_at: at };
};
