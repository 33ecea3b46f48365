/** What the routes that the console is built on answer; see replies.ts. */
import * as z from 'zod';
import { PII_TYPES } from './pii.ts';
import { PII_MODES } from './policy.ts';
import { candidateReply, observationReply } from './replies.ts';
import { SELECT_STRATEGIES } from './selection.ts';
import { ROLES } from './tenant.ts';

const count = z.int().min(0);
const amount = z.number().min(0);
const share = z.number().min(0).max(1);
const time = z.iso.datetime();

export const meReply = z.strictObject({
  key_id: z.string(),
  tenant_id: z.string(),
  roles: z.array(z.enum(ROLES)),
  scopes: z.array(z.string()).optional(),
  stage: z.string(),
  version: z.string(),
});

export const seriesPointReply = z.strictObject({
  at: time,
  requests: count,
  errors: count,
  limit_hits: count,
  p50_ms: amount.nullable(),
  p95_ms: amount.nullable(),
  p99_ms: amount.nullable(),
  cost_usd: amount,
  tokens_in: count,
  tokens_out: count,
  active_connections: amount.nullable(),
  rust: count,
  typescript: count,
  pii_findings: z.partialRecord(z.enum(PII_TYPES), count),
  pii_modes: z.partialRecord(z.enum(PII_MODES), count),
});

const modelPointReply = z.strictObject({
  at: time,
  requests: count,
  errors: count,
  cost_usd: amount,
  p50_ms: amount.nullable(),
  quality: share.nullable(),
});

export const seriesReply = z.strictObject({
  step_s: z.int().min(1),
  /** False where there were more observations than are read: `by_model` then has the newest. */
  complete: z.boolean(),
  points: z.array(seriesPointReply),
  by_model: z.record(z.string(), z.array(modelPointReply)),
});

/** `data` of the stream's events, by the name of the event. */
export const snapshotEvent = z.strictObject({ step_s: z.int().min(1), point: seriesPointReply });
export const closingEvent = z.strictObject({ reason: z.enum(['age', 'error', 'draining']) });

export const armsReply = z.strictObject({
  policy: z.string(),
  version: count,
  strategy: z.enum(SELECT_STRATEGIES),
  learning_state: z.string(),
  state_version: count,
  from: time,
  to: time,
  /** There was more of the span than is read at once, and the newest was. */
  truncated: z.boolean(),
  step_s: z.int().min(1),
  arms: z.array(
    z.strictObject({
      id: z.string(),
      registered: z.boolean(),
      enabled: z.boolean(),
      prior: share,
      q_hat: share,
      uncertainty: amount,
      pulls: count,
      requests: count,
      share,
      mean_cost_usd: amount.nullable(),
      mean_latency_ms: amount.nullable(),
      mean_feedback: share.nullable(),
      scored: count,
      errors: count,
      /** No other arm is believed to be better and costs less. */
      frontier: z.boolean(),
    }),
  ),
  shares: z.array(z.strictObject({ at: time, requests: count, by_model: z.record(z.string(), count) })),
  shadow: z.array(z.strictObject({ policy: z.string(), decisions: count, agreed: count })),
});

const remembered = z.number().nullable();

export const observationDetailReply = z.strictObject({
  ...observationReply.shape,
  max_tokens: count.optional(),
  prompt_truncated: z.literal(true).optional(),
  features_fallback: z.string().optional(),
  /** Numbers are null where they were not written down: only the first eight of a ranking are. */
  candidates: z.array(
    z.strictObject({
      id: z.string(),
      eligible: z.boolean(),
      reason: candidateReply.shape.reason,
      quality: remembered,
      uncertainty: remembered,
      cost_usd: remembered,
      latency_ms: remembered,
      score: remembered,
      propensity: share,
    }),
  ),
  steps: z.array(
    z.strictObject({
      name: z.enum(['admit', 'choose', 'call', 'settle']),
      start_ms: amount,
      /** Null of `settle`, which is the writing itself. */
      duration_ms: amount.nullable(),
    }),
  ),
});

export const previewReply = z.strictObject({
  mode: z.enum(PII_MODES),
  detector: z.enum(['rules', 'model']),
  /** The detector had no time for all of the text. */
  partial: z.boolean(),
  findings: z.array(z.strictObject({ type: z.enum(PII_TYPES), start: count, end: count })),
  masked: z.string(),
  /** Null where the mode lets nothing through. */
  sent: z.string().nullable(),
});

export const adapterTestReply = z.strictObject({
  ok: z.boolean(),
  model: z.string(),
  latency_ms: amount,
  first_byte_ms: amount.nullable(),
  tokens_in: count.nullable(),
  tokens_out: count.nullable(),
  cost_usd: amount.nullable(),
  error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
});

const broken = z.strictObject({
  chain: z.string(),
  /** Number of the first entry that is not as it was written; 0 for the chain itself. */
  seq: count,
  fault: z.enum([
    'missing',
    'edited',
    'misplaced',
    'head_missing',
    'head_edited',
    'beyond_head',
    'put_in',
    'chain_missing',
    'rolled_back',
    'key_missing',
    'empty',
  ]),
  id: z.string().optional(),
});

export const auditVerificationReply = z.strictObject({
  ok: z.boolean(),
  /** False where time was over before the end: then `ok` is said of what was read. */
  complete: z.boolean(),
  chains: count,
  entries: count,
  first_broken: broken.optional(),
  broken: z.array(broken),
});
