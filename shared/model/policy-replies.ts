/** Policies and their evaluations as operators get them back; see replies.ts. */
import * as z from 'zod';
import { FIREWALL_ACTIONS, FIREWALL_CATEGORIES } from './firewall.ts';
import {
  FEATURE_KINDS,
  LIKELIHOODS,
  PII_MODES,
  PII_ON_FAILURE,
  type StrategyParams,
  VARIANTS,
} from './policy.ts';
import { SELECT_STRATEGIES } from './selection.ts';

const count = z.int().min(0);
const amount = z.number().min(0);
const share = z.number().min(0).max(1);
const names = z.array(z.string());

const weights = z.strictObject({
  quality: amount,
  cost: amount,
  latency: amount,
  cost_scale_usd: z.number().positive(),
  latency_scale_ms: z.number().positive(),
});

export const policyReply = z.strictObject({
  id: z.string(),
  version: count,
  description: z.string().optional(),
  strategy: z.enum(SELECT_STRATEGIES),
  params: z.strictObject({
    prior_strength: amount.optional(),
    gamma: share.optional(),
    exploration: amount.optional(),
    likelihood: z.enum(LIKELIHOODS).optional(),
    variant: z.enum(VARIANTS).optional(),
    noise: share.optional(),
    lambda: amount.optional(),
    epsilon: share.optional(),
    floor: share.optional(),
    neighbours: count.optional(),
    memory: count.optional(),
    task_strength: amount.optional(),
    model: z.string().optional(),
  } satisfies Record<keyof StrategyParams, z.ZodType>),
  features: z.enum(FEATURE_KINDS).optional(),
  /** Only where its features ask for one that is not there. */
  encoder: z.literal('not_installed').optional(),
  weights: z.strictObject({ fast: weights, balanced: weights, high: weights }),
  pii_mode: z.enum(PII_MODES),
  pii_on_failure: z.enum(PII_ON_FAILURE).optional(),
  firewall: z.partialRecord(z.enum(FIREWALL_CATEGORIES), z.enum(FIREWALL_ACTIONS)).optional(),
  expected_output_tokens: z.int().min(1),
  learning_state: z.string().optional(),
  candidates: z
    .strictObject({ only: names.optional(), except: names.optional(), capabilities: names.optional() })
    .optional(),
  guard_rails: z
    .strictObject({
      min_quality: share.optional(),
      max_cost_usd: amount.optional(),
      max_latency_ms: amount.optional(),
    })
    .optional(),
  deadline_ms: z.int().min(1).optional(),
  hedge: z.strictObject({ after: z.union([z.literal('p95'), z.int().min(1)]) }).optional(),
  tenants: names.optional(),
  sticky_sessions: z.boolean(),
  cache: z.strictObject({ ttl_s: z.int().min(1) }).optional(),
  shadow: names.optional(),
  challenger: z
    .strictObject({
      policy: z.string(),
      percent: z.number().min(0).max(100),
      margin: amount,
      min_count: count,
    })
    .optional(),
  updated_at: z.iso.datetime().optional(),
});
export const policiesReply = z.array(policyReply);

const interval = z.strictObject({
  value: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});
const estimates = z.strictObject({ ips: interval, snips: interval, doubly_robust: interval }).nullable();
const onPolicy = z
  .strictObject({ count, quality: interval, utility: interval, cost_usd: interval })
  .nullable();

export const evaluationReply = z.strictObject({
  policy: z.string(),
  version: count,
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  truncated: z.boolean(),
  read: count,
  excluded: z.strictObject({
    not_answered: count,
    not_scored: count,
    sticky: count,
    failed_over: count,
    cached: count,
    no_propensity: count,
    no_features: count,
    no_candidate: count,
  }),
  fitted: count,
  judged: count,
  from_shadow: count,
  effective_size: amount,
  largest_weight: amount,
  coverage: share,
  quality: estimates,
  utility: estimates,
  cost_usd: estimates,
  own: onPolicy,
  champion: onPolicy,
});

/** Members of the problem when a promotion is refused. */
export const refusedReply = z.array(
  z.strictObject({
    reason: z.enum([
      'too_few_decisions',
      'too_few_of_the_champion',
      'small_effective_size',
      'low_coverage',
      'not_better',
    ]),
    needed: z.number(),
    found: z.number().nullable(),
  }),
);

export const promotionReply = z.strictObject({ policy: policyReply, evaluation: evaluationReply });
