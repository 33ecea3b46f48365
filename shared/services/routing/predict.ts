/** What a request will cost and take on each adapter, and which adapters may serve it. */
import { AppError } from '../../errors/app-error.ts';
import type { Adapter, Capability, Price, ProviderKind } from '../../model/adapter.ts';
import type { RoutingWish } from '../../model/ask.ts';
import type { IneligibleReason } from '../../model/decision.ts';
import type { Policy } from '../../model/policy.ts';

export interface Prediction {
  adapter: Adapter;
  /** Output tokens that an answer may take: the caller's bound, the model's, and what the cost ceiling affords. */
  maxTokens: number;
  /** Output tokens that the answer, or all answers together, are expected to take. */
  expectedTokens: number;
  /** Predicted from them, US dollars. */
  costUsd: number;
  latencyMs: number;
  /** Share of its calls that are expected to succeed; 1 where nothing is known. */
  availability?: number;
  reason?: IneligibleReason;
}

/** How a model stands at the moment. */
export interface Standing {
  availability: number;
  /** Why nothing may be sent to it, if so. */
  heldBack?: 'breaker_open' | 'unhealthy';
}

export type Standings = (adapter: Adapter) => Standing;

const ALL_WELL: Standings = () => ({ availability: 1 });

export interface Prepared {
  policy: Policy;
  ask: RoutingWish;
  tokensIn: number;
  eligible: Prediction[];
  ineligible: Prediction[];
}

const PER_MTOK = 1_000_000;

/** US dollars. */
export const costOf = (price: Price, tokensIn: number, tokensOut: number): number =>
  (price.input_per_mtok * tokensIn + price.output_per_mtok * tokensOut) / PER_MTOK;

const affordableTokens = (price: Price, tokensIn: number, ceilingUsd: number | undefined): number => {
  if (ceilingUsd === undefined || price.output_per_mtok === 0) return Number.POSITIVE_INFINITY;
  const left = ceilingUsd - costOf(price, tokensIn, 0);
  // A hair of slack, so that a ceiling equal to the exact price is not lost to rounding.
  return Math.floor((left * PER_MTOK) / price.output_per_mtok + 1e-9);
};

/** The tighter of two upper bounds, where there is one. */
const tighter = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);

const predict = (adapter: Adapter, ask: RoutingWish, policy: Policy, tokensIn: number): Prediction => {
  const { guard_rails } = policy;
  const maxCostUsd = tighter(ask.max_cost_usd, guard_rails?.max_cost_usd);
  const maxLatencyMs = tighter(ask.latency_slo_ms, guard_rails?.max_latency_ms);
  const answers = ask.embeds === true ? 0 : (ask.answers ?? 1);
  const room = adapter.context_window - (ask.longest_input ?? tokensIn);
  const bound = Math.min(ask.max_tokens ?? adapter.max_output_tokens, adapter.max_output_tokens, room);
  const affordable =
    answers === 0
      ? Number.POSITIVE_INFINITY
      : Math.floor(affordableTokens(adapter.price, tokensIn, maxCostUsd) / answers);
  const maxTokens = Math.max(0, Math.min(bound, affordable));
  const expectedTokens = answers * Math.max(1, Math.min(bound, policy.expected_output_tokens));
  const prediction: Prediction = {
    adapter,
    maxTokens,
    expectedTokens,
    costUsd: costOf(adapter.price, tokensIn, expectedTokens),
    latencyMs: adapter.latency_ms,
  };
  const reason =
    whyNotByPolicy(adapter, policy, ask) ?? whyNotNow(prediction, { room, maxCostUsd, maxLatencyMs });
  return reason === undefined ? prediction : { ...prediction, reason };
};

const canAll = ({ capabilities }: Adapter, needs: readonly Capability[]): boolean =>
  needs.every((need) => capabilities.includes(need));

const EMBEDDERS: ReadonlySet<ProviderKind> = new Set(['simulated', 'openai', 'openai-compatible']);

/** Their languages know no `n`. */
const ONE_ANSWER: ReadonlySet<ProviderKind> = new Set(['anthropic', 'bedrock']);

const whyNotByPolicy = (
  adapter: Adapter,
  { candidates = {}, guard_rails = {} }: Policy,
  { embeds, answers = 1 }: RoutingWish,
): IneligibleReason | undefined => {
  if (!adapter.enabled) return 'disabled';
  if (adapter.account === 'none') return 'no_key';
  const { only, except, capabilities = [] } = candidates;
  if (only?.includes(adapter.id) === false || except?.includes(adapter.id) === true) return 'not_in_policy';
  // What a policy asks of an answer says nothing of vectors.
  if (embeds === true) return EMBEDDERS.has(adapter.provider) ? undefined : 'missing_capability';
  if (adapter.capabilities.includes('embeddings')) return 'missing_capability';
  if (answers > 1 && ONE_ANSWER.has(adapter.provider)) return 'missing_capability';
  if (guard_rails.min_quality !== undefined && adapter.quality < guard_rails.min_quality)
    return 'not_in_policy';
  return canAll(adapter, capabilities) ? undefined : 'missing_capability';
};

interface Bounds {
  room: number;
  maxCostUsd: number | undefined;
  maxLatencyMs: number | undefined;
}

const whyNotNow = (
  { costUsd, maxTokens, latencyMs }: Prediction,
  { room, maxCostUsd, maxLatencyMs }: Bounds,
): IneligibleReason | undefined => {
  if (room < 1) return 'context_window';
  if (maxCostUsd !== undefined && (costUsd > maxCostUsd || maxTokens < 1)) return 'max_cost_usd';
  if (maxLatencyMs !== undefined && latencyMs > maxLatencyMs) return 'latency_slo_ms';
  return undefined;
};

/** Of a model that names no capability at all nothing is known: it serves where no other is known to be able. */
const assumesCapable = (adapters: readonly Adapter[], needs: readonly Capability[]): boolean =>
  !adapters.some((adapter) => adapter.enabled && canAll(adapter, needs));

/**
 * Every adapter with its prediction; those that may not serve carry the reason. Where only their health speaks against those
 * that could, they are eligible all the same: a try may succeed, a refusal cannot.
 */
export const prepare = (
  ask: RoutingWish,
  adapters: readonly Adapter[],
  policy: Policy,
  tokensIn: number,
  standings: Standings = ALL_WELL,
): Prepared => {
  const able: Prediction[] = [];
  const ineligible: Prediction[] = [];
  const needs = ask.needs ?? [];
  const assumed = needs.length > 0 && assumesCapable(adapters, needs);
  for (const adapter of adapters) {
    const prediction = predict(adapter, ask, policy, tokensIn);
    if (prediction.reason !== undefined) ineligible.push(prediction);
    else if (canAll(adapter, needs) || (assumed && adapter.capabilities.length === 0)) able.push(prediction);
    else ineligible.push({ ...prediction, reason: 'missing_capability' });
  }
  const { eligible, heldBack } = byStanding(able, standings);
  return eligible.length === 0
    ? { policy, ask, tokensIn, eligible: heldBack.map(withoutReason), ineligible }
    : { policy, ask, tokensIn, eligible, ineligible: [...ineligible, ...heldBack] };
};

const byStanding = (able: readonly Prediction[], standings: Standings) => {
  const eligible: Prediction[] = [];
  const heldBack: Prediction[] = [];
  for (const prediction of able) {
    const { availability, heldBack: reason } = standings(prediction.adapter);
    if (reason !== undefined) heldBack.push({ ...prediction, availability, reason });
    else eligible.push(availability === 1 ? prediction : { ...prediction, availability });
  }
  return { eligible, heldBack };
};

const withoutReason = ({ reason: _, ...prediction }: Prediction): Prediction => prediction;

/** 422 with the reason of each model. */
export const noEligibleModel = (prepared: Prepared): AppError =>
  new AppError(
    'no_eligible_model',
    prepared.ineligible.length === 0
      ? 'No model is registered.'
      : 'No registered model may serve this request.',
    {
      extensions: {
        reasons: prepared.ineligible.map(({ adapter, reason }) => ({ id: adapter.id, reason })),
      },
    },
  );
