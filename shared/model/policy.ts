import type { Adapter } from './adapter.ts';

/** How a tenant's requests are routed. */

export const QUALITY_TIERS = ['fast', 'balanced', 'high'] as const;
export type QualityTier = (typeof QUALITY_TIERS)[number];

export type Strategy = 'thompson' | 'ucb1';
export type PiiMode = 'off' | 'observe' | 'redact' | 'block';

/** Utility weights: U = quality * q - cost * usd / cost_scale_usd - latency * ms / latency_scale_ms. */
export interface UtilityWeights {
  quality: number;
  cost: number;
  latency: number;
  cost_scale_usd: number;
  latency_scale_ms: number;
}

export interface StrategyParams {
  /** Pseudo-counts that the registered quality is worth. */
  prior_strength: number;
  /** Discount of older feedback at each update, (0, 1]. */
  gamma: number;
  /** Width of the confidence bound (ucb1). */
  exploration: number;
}

export interface Policy {
  id: string;
  strategy: Strategy;
  params: StrategyParams;
  weights: Record<QualityTier, UtilityWeights>;
  pii_mode: PiiMode;
  /** Output tokens assumed for an answer when the caller names no `max_tokens`. */
  expected_output_tokens: number;
}

export interface Flags {
  selector: {
    /** Share of requests offered to the Rust selector first. */
    rust_percent: number;
    /** The emergency switch: false sends every decision to the TypeScript selector. */
    enabled: boolean;
  };
}

/** Everything routing needs from the Config table, read together. */
export interface ConfigSnapshot {
  adapters: readonly Adapter[];
  policies: ReadonlyMap<string, Policy>;
  flags: Flags;
}
