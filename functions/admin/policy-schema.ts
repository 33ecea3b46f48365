/** Policies as operators write them. Bounds are the selector's own (docs/architecture/selector-contract.md). */
import * as z from 'zod';
import { DEFAULT_POLICY } from '../../shared/config/default-policy.ts';
import { FIREWALL_ACTIONS, FIREWALL_CATEGORIES, type FirewallSettings } from '../../shared/model/firewall.ts';
import { MAX_MEMORY } from '../../shared/model/memory-state.ts';
import {
  FEATURE_KINDS,
  LIKELIHOODS,
  PII_MODES,
  PII_ON_FAILURE,
  type StrategyParams,
  VARIANTS,
} from '../../shared/model/policy.ts';
import { SELECT_STRATEGIES } from '../../shared/model/selection.ts';
import { adapterId, tenantId, wholeNumber } from './schema.ts';

export const MAX_TENANTS = 1_000;
const MAX_MODELS = 256;
const MAX_SHADOWS = 4;
const HOUR_MS = 3_600_000;
const MIN_DEADLINE_MS = 100;
/** As long as any answer may take. */
const MAX_DEADLINE_MS = 280_000;
const MAX_CACHE_S = 30 * 86_400;
const DEFAULT_MIN_COUNT = 500;

/** `auto` asks for no policy in particular on the vendors' routes. */
export const policyId = adapterId.refine((id) => id !== 'auto', 'is a name with a meaning of its own');

const params = z.strictObject({
  prior_strength: z.number().min(1).max(1e6).optional(),
  gamma: z.number().min(0.5).max(1).optional(),
  exploration: z.number().min(0).max(100).optional(),
  likelihood: z.enum(LIKELIHOODS).optional(),
  variant: z.enum(VARIANTS).optional(),
  noise: z.number().min(0.001).max(1).optional(),
  lambda: z.number().min(0.001).max(1e6).optional(),
  epsilon: z.number().min(0).max(1).optional(),
  floor: z.number().min(1e-6).max(1).optional(),
  neighbours: z.int().min(1).max(MAX_MEMORY).optional(),
  memory: z.int().min(1).max(MAX_MEMORY).optional(),
  task_strength: z.number().min(1).max(1e6).optional(),
  model: adapterId.optional(),
} satisfies Record<keyof StrategyParams, z.ZodType>);

const firewallAction = z.enum(FIREWALL_ACTIONS).optional();
const firewall = z.strictObject(
  Object.fromEntries(FIREWALL_CATEGORIES.map((category) => [category, firewallAction])) as Record<
    keyof FirewallSettings,
    typeof firewallAction
  >,
);

const weight = z.number().min(0).max(1e6);
const scale = z.number().min(1e-9).max(1e9);
const weights = z.strictObject({
  quality: weight,
  cost: weight,
  latency: weight,
  cost_scale_usd: scale,
  latency_scale_ms: scale,
});

const distinct = <Item extends z.ZodType<string>>(item: Item, max: number) =>
  z
    .array(item)
    .max(max)
    .refine((items) => new Set(items).size === items.length, 'must not hold the same twice');

export const policySchema = z
  .strictObject({
    description: z.string().min(1).max(1_024).optional(),
    strategy: z.enum(SELECT_STRATEGIES),
    params: params.default({}),
    features: z.enum(FEATURE_KINDS).optional(),
    weights: z
      .strictObject({
        fast: weights.default(DEFAULT_POLICY.weights.fast),
        balanced: weights.default(DEFAULT_POLICY.weights.balanced),
        high: weights.default(DEFAULT_POLICY.weights.high),
      })
      .default(DEFAULT_POLICY.weights),
    pii_mode: z.enum(PII_MODES).default(DEFAULT_POLICY.pii_mode),
    pii_on_failure: z.enum(PII_ON_FAILURE).optional(),
    firewall: firewall.optional(),
    expected_output_tokens: z.int().min(1).max(1_000_000).default(DEFAULT_POLICY.expected_output_tokens),
    learning_state: policyId.optional(),
    candidates: z
      .strictObject({
        only: distinct(adapterId, MAX_MODELS).min(1).optional(),
        except: distinct(adapterId, MAX_MODELS).optional(),
        capabilities: distinct(z.enum(['tools', 'vision', 'json', 'streaming']), 4).optional(),
      })
      .optional(),
    guard_rails: z
      .strictObject({
        min_quality: z.number().min(0).max(1).optional(),
        max_cost_usd: z.number().min(0).max(1e6).optional(),
        max_latency_ms: z.number().positive().max(HOUR_MS).optional(),
      })
      .optional(),
    deadline_ms: z.int().min(MIN_DEADLINE_MS).max(MAX_DEADLINE_MS).optional(),
    hedge: z
      .strictObject({
        after: z.union([z.literal('p95'), z.int().min(1).max(MAX_DEADLINE_MS)]).default('p95'),
      })
      .optional(),
    tenants: distinct(tenantId, MAX_TENANTS).optional(),
    sticky_sessions: z.boolean().default(true),
    cache: z.strictObject({ ttl_s: z.int().min(1).max(MAX_CACHE_S) }).optional(),
    shadow: distinct(policyId, MAX_SHADOWS).optional(),
    challenger: z
      .strictObject({
        policy: policyId,
        percent: z.number().min(0).max(100),
        margin: z.number().min(0).max(1e6).default(0),
        min_count: z.int().min(30).max(1_000_000).default(DEFAULT_MIN_COUNT),
      })
      .optional(),
  })
  .superRefine((body, context) => {
    const refuse = (name: string, message: string): void =>
      context.addIssue({ code: 'custom', path: ['params', name], message });
    if (body.strategy === 'fixed' && body.params.model === undefined) {
      refuse('model', 'is needed: it names the model that `fixed` obeys');
    }
    if (body.strategy === 'thompson' && body.params.likelihood === 'linear') {
      refuse('likelihood', 'must be beta or gaussian: the linear one is lin-thompson');
    }
  });
export type PolicyBody = z.output<typeof policySchema>;

const DEFAULT_DAYS = 7;
const MAX_DAYS = 90;
const time = z.iso.datetime({ offset: true });

export const evaluationQuery = z.strictObject({
  days: wholeNumber(MAX_DAYS).default(DEFAULT_DAYS),
  from: time.optional(),
  to: time.optional(),
});
export type EvaluationQuery = z.output<typeof evaluationQuery>;

export const promoteSchema = z.strictObject({ days: z.int().min(1).max(MAX_DAYS).default(DEFAULT_DAYS) });
export type PromoteBody = z.output<typeof promoteSchema>;
