import type { IneligibleReason, SelectorBackend } from './decision.ts';
import type { FirewallRecord } from './firewall.ts';
import type { FeatureKind, QualityTier } from './policy.ts';

export const OUTCOMES = ['success', 'upstream_error', 'timeout', 'aborted', 'cut'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What `learn` needs once a score comes, besides the score and the features. */
export interface Learnable {
  /** Whose state learns, where it is not the policy's own. */
  learning_state?: string;
  /** It learns from the features too. */
  contextual?: true;
  /** From which of them, where it is not the hashed ones. */
  features_kind?: 'embedded';
  /** How what was learnt fades with each score, where it does. */
  gamma?: number;
  /** How many scores with features are remembered of a model, where the policy goes by them. */
  memory?: number;
  /** Hash of what the caller named its task, where the policy goes by a context. */
  task?: number;
}

/** What a policy that is never obeyed would have done. */
export interface ShadowDecision extends Learnable {
  policy: string;
  version: number;
  /** The model that it would have chosen. */
  model: string;
  state_version: number;
  /** Of the models that it might have chosen. */
  propensities: Record<string, number>;
}

/** When a step of a request began, since it came in, and how long it took: milliseconds. */
export type StepTimes = readonly [start: number, duration: number];

export interface Steps {
  admit?: StepTimes;
  choose?: StepTimes;
  call?: StepTimes;
}

/** What was thought of a candidate: quality, its uncertainty, US dollars, milliseconds, score. */
export type Assessed = readonly [
  quality: number,
  uncertainty: number,
  costUsd: number,
  latencyMs: number,
  score: number,
];

/** What happened to one request. Text is redacted before it gets here. */
export interface Observation extends Learnable {
  /** Time-ordered (UUIDv7): the table's own key. Equals `request_id` unless the caller chose that one. */
  id: string;
  request_id: string;
  tenant_id: string;
  policy: string;
  /** As the policy stood then; absent for what was written before policies had versions. */
  policy_version?: number;
  model: string;
  provider: string;
  prompt: string;
  /** The store kept only the prompt's beginning. */
  prompt_truncated?: true;
  task_type: string;
  session_id?: string;
  quality: QualityTier;
  /** As the caller bounded the answer. */
  max_tokens?: number;
  tokens_in: number;
  tokens_out: number;
  tokens_estimated: boolean;
  cost_usd: number;
  latency_ms: number;
  selector: SelectorBackend;
  state_version: number;
  propensity: number;
  /** Every eligible candidate's propensity, so that another policy can be judged on this traffic. */
  propensities: Record<string, number>;
  /** Of the first of `propensities`, in their order. */
  ranking?: readonly Assessed[];
  /** Who was out of the question, and why; some of them where they are many. */
  out?: Record<string, IneligibleReason>;
  steps?: Steps;
  /** What strategies went by, where one goes by a context: 32-bit little-endian floats in base64. */
  features?: string;
  /** What those numbers mean. */
  features_version?: number;
  /** The same with the sentence encoder's view, where a strategy goes by that. */
  embedded_features?: string;
  embedded_features_version?: number;
  /** Why the encoder had no say in them. */
  features_fallback?: FeaturesFallback;
  shadow?: ShadowDecision[];
  /** The session's model answered, whatever the policy drew: its propensity does not say how it was chosen. */
  sticky?: true;
  /** A model answered that was not the first choice, since that one failed, or was slower where the policy hedges. */
  failed_over?: true;
  /** The model that was asked beside the one that answered, and what it reported; its cost is part of `cost_usd`. */
  hedge?: { model: string; tokens_in: number; tokens_out: number; cost_usd: number };
  /** Answered by what a model said before: nothing was called, nothing paid, and nothing is learnt. */
  cached?: true;
  /** What the prompt firewall found and let pass. */
  firewall?: FirewallRecord;
  outcome: Outcome;
  finish_reason: string;
  quality_score: number | null;
  created_at: string;
}

/** `slow`: not within the time that a request waits for it. */
export type FeaturesFallback = 'not_installed' | 'busy' | 'slow' | 'failed';

/** What the numbers of each kind mean at present. */
export type FeatureVersions = Readonly<Record<FeatureKind, number>>;

/** The features of that kind, where they were kept and mean what they mean at present. */
export const keptFeatures = (
  { features, features_version, embedded_features, embedded_features_version }: Observation,
  kind: FeatureKind,
  versions: FeatureVersions,
): string | undefined => {
  if (kind === 'hashed') return features_version === versions.hashed ? features : undefined;
  return embedded_features_version === versions.embedded ? embedded_features : undefined;
};

/** UTF-16 units of a prompt that are kept. */
export const MAX_STORED_PROMPT = 8_192;

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

/** As it is kept: a long prompt cut, without splitting a surrogate pair. */
export const asStored = (observation: Observation): Observation => {
  const { prompt } = observation;
  if (prompt.length <= MAX_STORED_PROMPT) return observation;
  const splits = isHighSurrogate(prompt.charCodeAt(MAX_STORED_PROMPT - 1));
  return {
    ...observation,
    prompt: prompt.slice(0, splits ? MAX_STORED_PROMPT - 1 : MAX_STORED_PROMPT),
    prompt_truncated: true,
  };
};

/** A caller's judgement of one answer. */
export interface Feedback {
  tenant_id: string;
  request_id: string;
  quality_score: number;
  labels?: Record<string, string>;
}

export interface ObservationQuery {
  limit: number;
  tenant_id?: string;
  model?: string;
  outcome?: Outcome;
  /** Of `created_at`, milliseconds since the epoch: from then on, and before then. */
  since?: number;
  until?: number;
  /** Opaque; from the previous page. */
  cursor?: string;
}

export interface ObservationPage {
  items: Observation[];
  cursor?: string;
}

/** Does it pass the query's filters? */
export const isWanted = (
  { tenant_id, model, outcome, since = -Infinity, until = Infinity }: ObservationQuery,
  observation: Observation,
): boolean => {
  if (tenant_id !== undefined && observation.tenant_id !== tenant_id) return false;
  if (model !== undefined && observation.model !== model) return false;
  if (outcome !== undefined && observation.outcome !== outcome) return false;
  const at = Date.parse(observation.created_at);
  return !(at < since || at >= until);
};
