import type { Adapter } from './adapter.ts';
import type { SelectParams, SelectStrategy } from './selection.ts';

/** How a tenant's requests are routed. */

export const QUALITY_TIERS = ['fast', 'balanced', 'high'] as const;
export type QualityTier = (typeof QUALITY_TIERS)[number];

export type Strategy = SelectStrategy;
export const LIKELIHOODS = ['beta', 'gaussian', 'linear'] as const;
export const VARIANTS = ['ucb1', 'tuned'] as const;
export const PII_MODES = ['off', 'observe', 'redact', 'block'] as const;
export type PiiMode = (typeof PII_MODES)[number];

/** Utility weights: U = quality * q - cost * usd / cost_scale_usd - latency * ms / latency_scale_ms. */
export interface UtilityWeights {
  quality: number;
  cost: number;
  latency: number;
  cost_scale_usd: number;
  latency_scale_ms: number;
}

/** What each is for, its bounds and its default: docs/architecture/selector-contract.md. */
export type StrategyParams = Omit<SelectParams, 'likelihood' | 'variant'> & {
  readonly likelihood?: (typeof LIKELIHOODS)[number];
  readonly variant?: (typeof VARIANTS)[number];
};

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
