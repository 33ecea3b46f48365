/**
 * What callers get back, field for field: the OpenAPI document is made of these schemas, and the end-to-end suite
 * parses every reply with them. Strict: a field that is not named here is a fault. No function loads this module.
 */
import * as z from 'zod';
import { ERROR_CODES, type ErrorCode } from '../errors/codes.ts';
import { CAPABILITIES } from './adapter.ts';
import { FIREWALL_CATEGORIES } from './firewall.ts';
import { BREAKER_PHASES, HEALTH_STATES, UPSTREAM_FAULTS } from './health.ts';
import { PII_DETECTORS, QUALITY_TIERS } from './policy.ts';
import { evaluationReply, refusedReply } from './policy-replies.ts';
import { WINDOWS } from './quota.ts';
import { rateLimitReply } from './quota-replies.ts';
import { ROLES } from './tenant.ts';

const share = z.number().min(0).max(1);
const count = z.int().min(0);
const amount = z.number().min(0);
const time = z.iso.datetime();
const selector = z.enum(['rust', 'typescript']);
const provider = z.enum(['simulated', 'openai', 'anthropic', 'bedrock', 'openai-compatible']);
const reason = z.enum([
  'disabled',
  'context_window',
  'max_output_tokens',
  'max_cost_usd',
  'latency_slo_ms',
  'missing_capability',
  'unhealthy',
  'breaker_open',
  'not_in_policy',
  'no_key',
]);
const codes = Object.keys(ERROR_CODES) as ErrorCode[];

export const candidateReply = z.strictObject({
  id: z.string(),
  eligible: z.boolean(),
  reason: reason.optional(),
  /** A linear model's mean may leave 0..1. */
  quality: z.number(),
  uncertainty: amount,
  cost_usd: amount,
  latency_ms: amount,
  score: z.number(),
  propensity: share,
  /** How much of `quality` past scores of the `task_type` brought or took. */
  by_task: z.number().optional(),
});

export const askReply = z.strictObject({
  request_id: z.string(),
  text: z.string(),
  model_used: z.string(),
  provider,
  tokens_in: count,
  tokens_out: count,
  tokens_estimated: z.boolean(),
  cost_usd: amount,
  savings_pct: z.number().min(0).max(100),
  latency_ms: amount,
  selector,
  policy: z.string(),
  finish_reason: z.enum(['stop', 'length', 'tool_calls', 'content_filter']),
  candidates: z.array(candidateReply).min(1),
  /** The detector of personal data had no time for all of the prompt. */
  pii: z.literal('partial').optional(),
});

export const chunkEvent = z.strictObject({ request_id: z.string(), seq: count, text: z.string().min(1) });

export const planReply = z.strictObject({
  request_id: z.string(),
  selector,
  policy: z.string(),
  state_version: count,
  candidates: z.array(candidateReply).min(1),
});

export const observeReply = z.strictObject({ status: z.literal('ok') });

export const modelsReply = z.strictObject({
  object: z.literal('list'),
  data: z.array(
    z.strictObject({
      id: z.string(),
      object: z.literal('model'),
      created: count,
      owned_by: z.string(),
    }),
  ),
});

const simulatedReply = z.strictObject({
  quality: z.union([share, z.record(z.string(), share)]).optional(),
  latency_ms: amount.optional(),
  jitter: share.optional(),
  chunks: z.int().min(1).optional(),
  tokens_out: z.int().min(1).optional(),
  fault_rate: share.optional(),
  fault: z.enum(['http_500', 'http_429', 'reset', 'timeout', 'cut', 'garbage']).optional(),
  echo: z.boolean().optional(),
  seed: count.optional(),
});

const adapterHealthReply = z.strictObject({
  state: z.enum(HEALTH_STATES),
  breaker: z.enum(BREAKER_PHASES),
  error_rate: share,
  latency_ms_ewma: amount.nullable(),
  latency_p95_ms: amount.optional(),
  first_byte_p95_ms: amount.optional(),
  checked_at: time.nullable(),
  last_error_code: z.enum(UPSTREAM_FAULTS).nullable(),
  open_until: time.optional(),
});

const tenantKey = { tenant_id: z.string(), updated_at: time };
export const tenantKeyReply = z.strictObject({ adapter: z.string(), ...tenantKey });

export const adapterReply = z.strictObject({
  id: z.string(),
  provider,
  model: z.string(),
  price: z.strictObject({ input_per_mtok: amount, output_per_mtok: amount }),
  quality: share,
  capabilities: z.array(z.enum(CAPABILITIES)),
  context_window: z.int().min(1),
  max_output_tokens: z.int().min(1),
  latency_ms: amount,
  enabled: z.boolean(),
  base_url: z.string().optional(),
  secret_name: z.string().optional(),
  /** Tenants with a key of their own at the provider. */
  tenant_keys: z.array(z.strictObject(tenantKey)).min(1).optional(),
  simulated: simulatedReply.optional(),
  health: adapterHealthReply,
  created_at: time,
  updated_at: time,
});
export const adaptersReply = z.array(adapterReply);

export const keyReply = z.strictObject({
  id: z.string(),
  tenant_id: z.string(),
  roles: z.array(z.enum(ROLES)).min(1),
  scopes: z.array(z.string()).min(1).optional(),
  name: z.string().optional(),
  created_at: time,
  expires_at: time.optional(),
  rate_limit: rateLimitReply.optional(),
  counts_as: z.string().optional(),
  /** To within minutes. */
  last_used_at: time.optional(),
  rotated_from: z.string().optional(),
  replaced_by: z.string().optional(),
});
export const keysReply = z.array(keyReply);
export const newKeyReply = z.strictObject({
  ...keyReply.shape,
  key: z.string().regex(/^atp_[a-z0-9-]+_[0-9a-z]+_[0-9A-Za-z]+$/),
});

export const observationReply = z.strictObject({
  request_id: z.string(),
  tenant_id: z.string(),
  model: z.string(),
  provider,
  policy: z.string(),
  policy_version: count.optional(),
  prompt: z.string(),
  task_type: z.string(),
  session_id: z.string().optional(),
  quality: z.enum(QUALITY_TIERS),
  tokens_in: count,
  tokens_out: count,
  tokens_estimated: z.boolean(),
  cost_usd: amount,
  latency_ms: amount,
  selector,
  state_version: count,
  propensity: share,
  propensities: z.record(z.string(), share),
  sticky: z.literal(true).optional(),
  failed_over: z.literal(true).optional(),
  hedge: z
    .strictObject({ model: z.string(), tokens_in: count, tokens_out: count, cost_usd: amount })
    .optional(),
  cached: z.literal(true).optional(),
  firewall: z.strictObject({ version: z.string(), rules: z.array(z.string()) }).optional(),
  shadow: z
    .array(
      z.strictObject({
        policy: z.string(),
        version: count,
        model: z.string(),
        state_version: count,
        propensities: z.record(z.string(), share),
      }),
    )
    .optional(),
  quality_score: share.nullable(),
  outcome: z.enum(['success', 'upstream_error', 'timeout', 'aborted', 'cut']),
  finish_reason: z.string(),
  created_at: time,
});
export const observationsReply = z.array(observationReply);

export const flagsReply = z.strictObject({
  selector: z.strictObject({ rust_percent: z.number().min(0).max(100), enabled: z.boolean() }),
  pii: z.strictObject({ detector: z.enum(PII_DETECTORS) }),
});

export const drainReply = z.strictObject({
  enabled: z.boolean(),
  reason: z.string().optional(),
  reconnect_after_ms: count.optional(),
  since: time.optional(),
  /** Of the sockets, where the stage was drained by this request. */
  report: z
    .strictObject({
      told: count,
      closed: count,
      gone: count,
      unreachable: count,
      abandoned: count,
      waited_ms: count,
    })
    .optional(),
});

export const healthzReply = z.strictObject({ status: z.literal('ok') });

const health = z.enum(['healthy', 'degraded', 'unhealthy']);
export const healthReply = z.strictObject({
  status: health,
  checks: z.record(z.string(), z.strictObject({ status: health, message: z.string(), latency_ms: amount })),
});

/** RFC 9457, with the members that some codes add. */
export const problemReply = z.strictObject({
  type: z.string().regex(/^urn:atp-router:problem:[a-z_]+$/),
  title: z.string().min(1),
  status: z.int().min(400).max(599),
  detail: z.string().min(1),
  code: z.enum(codes),
  request_id: z.string().min(1),
  errors: z
    .array(z.strictObject({ path: z.string().regex(/^(?:\/[\s\S]*)?$/), message: z.string().min(1) }))
    .min(1)
    .optional(),
  window: z.enum(WINDOWS).optional(),
  limit: amount.optional(),
  reset_at: time.optional(),
  scope: z.literal('key').optional(),
  reasons: z.array(z.strictObject({ id: z.string(), reason })).optional(),
  upstream_status: z.int().optional(),
  /** Which rules of the prompt firewall blocked. */
  firewall: z
    .strictObject({
      version: z.string(),
      rules: z.array(z.strictObject({ id: z.string(), category: z.enum(FIREWALL_CATEGORIES) })).min(1),
    })
    .optional(),
  refused: refusedReply.optional(),
  evaluation: evaluationReply.optional(),
});

export type AskReplyBody = z.output<typeof askReply>;
export type ObservationBody = z.output<typeof observationReply>;
export type ProblemBody = z.output<typeof problemReply>;
