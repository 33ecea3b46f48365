import type { Adapter, Capability } from './adapter.ts';
import type { Drain } from './drain.ts';
import type { FirewallSettings } from './firewall.ts';
import type { SelectParams, SelectStrategy } from './selection.ts';

/** How a tenant's requests are routed. */

export const QUALITY_TIERS = ['fast', 'balanced', 'high'] as const;
export type QualityTier = (typeof QUALITY_TIERS)[number];

export type Strategy = SelectStrategy;
export const LIKELIHOODS = ['beta', 'gaussian', 'linear'] as const;
export const VARIANTS = ['ucb1', 'tuned'] as const;
/** Each stricter than the one before. */
export const PII_MODES = ['off', 'observe', 'pseudonymise', 'redact', 'block'] as const;
export type PiiMode = (typeof PII_MODES)[number];

/** What is done where the model that finds names cannot be asked: go by patterns alone, or refuse. Each stricter than the one before. */
export const PII_ON_FAILURE = ['rules', 'refuse'] as const;
export type PiiOnFailure = (typeof PII_ON_FAILURE)[number];

/** Patterns alone, the model beside them without any effect, or both. */
export const PII_DETECTORS = ['rules', 'shadow', 'hybrid'] as const;
export type PiiDetectorKind = (typeof PII_DETECTORS)[number];

/** What contextual strategies go by: hashed words, or a sentence encoder's view of the prompt. */
export const FEATURE_KINDS = ['hashed', 'embedded'] as const;
export type FeatureKind = (typeof FEATURE_KINDS)[number];

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

/** Which of the registered models may serve. */
export interface CandidateFilter {
  /** Ids; all where it is left out. */
  only?: string[];
  except?: string[];
  capabilities?: Capability[];
}

/** Bounds beside the caller's own; the tighter one holds. */
export interface GuardRails {
  /** Least registered quality. */
  min_quality?: number;
  max_cost_usd?: number;
  max_latency_ms?: number;
}

/** After so many milliseconds without an answer, or its 95th percentile, a model gets a rival. */
export interface Hedge {
  after: 'p95' | number;
}

/** A share of a policy's requests is routed by another one, which may be promoted. */
export interface Challenger {
  policy: string;
  percent: number;
  /** How far the lower bound of its value must lie above the champion's value. */
  margin: number;
  /** Scored requests that the comparison needs. */
  min_count: number;
}

/** The very same request of the same tenant is answered from what a model said before. */
export interface ResponseCaching {
  /** Seconds for which an answer is kept. */
  ttl_s: number;
}

export interface Policy {
  id: string;
  /** Counts its changes; 0 for a policy that is built in. */
  version: number;
  description?: string;
  strategy: Strategy;
  params: StrategyParams;
  /** Hashed where it is left out. */
  features?: FeatureKind;
  weights: Record<QualityTier, UtilityWeights>;
  pii_mode: PiiMode;
  /** Refuse where it is left out. */
  pii_on_failure?: PiiOnFailure;
  /** What is done about prompts that give orders, hide, leak or only fill, by category; see FirewallSettings. */
  firewall?: FirewallSettings;
  /** Output tokens assumed for an answer when the caller names no `max_tokens`. */
  expected_output_tokens: number;
  /** The policy whose learnt state decides and learns; its own where it is left out. */
  learning_state?: string;
  candidates?: CandidateFilter;
  guard_rails?: GuardRails;
  /** Milliseconds that an answer may take; the caller's latency goal may shorten it. */
  deadline_ms?: number;
  hedge?: Hedge;
  /** Whose requests it routes. What no policy names is routed by the default. */
  tenants?: string[];
  /** A session keeps its model for as long as that may serve. */
  sticky_sessions: boolean;
  /** Where it is left out every request is answered anew. */
  cache?: ResponseCaching;
  /** Policies that decide each request too and are never obeyed. */
  shadow?: string[];
  challenger?: Challenger;
  updated_at?: string;
}

/**
 * Under which name `select` and `learn` know what the policy learnt. What was learnt by features of one kind says nothing by
 * the other, so each kind has a state of its own; no policy's id holds a tilde.
 */
export const learningStateOf = ({
  id,
  learning_state = id,
  features,
}: Pick<Policy, 'id' | 'learning_state' | 'features'>): string =>
  features === 'embedded' ? `${learning_state}~embedded` : learning_state;

export interface Flags {
  selector: {
    /** Share of requests offered to the Rust selector first. */
    rust_percent: number;
    /** The emergency switch: false sends every decision to the TypeScript selector. */
    enabled: boolean;
  };
  pii: { detector: PiiDetectorKind };
}

/** Everything routing needs from the Config table, read together. */
export interface ConfigSnapshot {
  adapters: readonly Adapter[];
  policies: ReadonlyMap<string, Policy>;
  flags: Flags;
  /** Absent where there never was one. */
  drain?: Drain;
}
