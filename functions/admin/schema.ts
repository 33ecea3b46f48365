import * as z from 'zod';
import { SCOPE_NAMES } from '../../shared/config/scopes.ts';
import { CAPABILITIES } from '../../shared/model/adapter.ts';
import { PII_DETECTORS } from '../../shared/model/policy.ts';
import { ROLES, TIERS } from '../../shared/model/tenant.ts';

const MAX_ID = 128;
const MOST_TASKS = 1_000;
const DAY_TOKENS = 1e15;
const HOUR_MS = 3_600_000;

export const adapterId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'must be 1 to 64 of a-z 0-9 . _ -, and start with a letter or digit');

export const tenantId = z
  .string()
  .max(MAX_ID)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'must be of A-Z a-z 0-9 . _ -, and start with a letter or digit');

/** It travels in a header. */
const providerKey = z
  .string()
  .min(1)
  .max(4_096)
  .regex(/^[!-~]*$/, 'must be of visible ASCII characters');

const share = z.number().min(0).max(1);
const price = z.number().min(0).max(1e6);

const simulated = z.strictObject({
  quality: z
    .union([
      share,
      z
        .record(z.string().min(1).max(MAX_ID), share)
        .refine((tasks) => Object.keys(tasks).length <= MOST_TASKS, `must name at most ${MOST_TASKS} tasks`),
    ])
    .optional(),
  latency_ms: z.number().min(0).max(HOUR_MS).optional(),
  jitter: share.optional(),
  chunks: z.int().min(1).max(1_000).optional(),
  tokens_out: z.int().min(1).max(100_000).optional(),
  fault_rate: share.optional(),
  fault: z.enum(['http_500', 'http_429', 'reset', 'timeout', 'cut', 'garbage']).optional(),
  echo: z.boolean().optional(),
  seed: z.int().min(0).optional(),
});

export const adapterSchema = z
  .strictObject({
    id: adapterId,
    provider: z.enum(['simulated', 'openai', 'anthropic', 'bedrock', 'openai-compatible']).optional(),
    model: z.string().min(1).max(256).optional(),
    cost_per_1k: price.optional(),
    price: z.strictObject({ input_per_mtok: price, output_per_mtok: price }).optional(),
    quality: share.default(0.5),
    capabilities: z.array(z.enum(CAPABILITIES)).max(16).default([]),
    context_window: z.int().min(1).max(100_000_000).optional(),
    max_output_tokens: z.int().min(1).max(10_000_000).optional(),
    latency_ms: z.number().min(0).max(HOUR_MS).optional(),
    base_url: z.string().min(1).max(2_048).optional(),
    api_key: providerKey.optional(),
    secret_name: z
      .string()
      .regex(/^[A-Za-z0-9/_+=.@-]{1,256}$/, 'must be the name of a secret')
      .optional(),
    enabled: z.boolean().default(true),
    simulated: simulated.optional(),
  })
  .refine((body) => (body.cost_per_1k === undefined) !== (body.price === undefined), {
    path: ['cost_per_1k'],
    message: 'give either cost_per_1k or price',
  })
  .refine((body) => body.api_key === undefined || body.secret_name === undefined, {
    path: ['secret_name'],
    message: 'give either api_key or secret_name',
  })
  .meta({
    oneOf: [{ required: ['cost_per_1k'] }, { required: ['price'] }],
    not: { required: ['api_key', 'secret_name'] },
  });
export type AdapterBody = z.output<typeof adapterSchema>;

/** A tenant's own key at a model's provider. */
export const tenantKeySchema = z.strictObject({ api_key: providerKey });
export type TenantKeyBody = z.output<typeof tenantKeySchema>;

/** A trial takes nothing; an empty object may come. */
export const trialSchema = z.strictObject({});

const requests = z.int().min(0);
const rateLimit = z.strictObject({
  rps: requests.optional(),
  rpm: requests.optional(),
  rph: requests.optional(),
  tokens_per_day: z.int().min(0).max(DAY_TOKENS).optional(),
  cost_per_day_usd: z.number().min(0).max(1e9).optional(),
  concurrent: requests.optional(),
});

export const keySchema = z.strictObject({
  tenant_id: tenantId,
  rate_limit: rateLimit.optional(),
  roles: z.array(z.enum(ROLES)).min(1).max(ROLES.length).default(['caller']),
  /** Narrower than the roles; everything that they permit where it is left out. */
  scopes: z.array(z.enum(SCOPE_NAMES)).min(1).max(SCOPE_NAMES.length).optional(),
  name: z.string().min(1).max(MAX_ID).optional(),
  expires_at: z.iso.datetime({ offset: true }).optional(),
});
export type KeyBody = z.output<typeof keySchema>;

const DAY_S = 86_400;
const LONGEST_OVERLAP_S = 30 * DAY_S;
export const rotateSchema = z.strictObject({
  /** Seconds for which the old key stays good. */
  overlap_seconds: z.int().min(0).max(LONGEST_OVERLAP_S).default(DAY_S),
  /** Of the new key; as long from now on as the old one had where it is left out. */
  expires_at: z.iso.datetime({ offset: true }).optional(),
});
export type RotateBody = z.output<typeof rotateSchema>;

export const quotaSchema = z.strictObject({
  tenant_id: tenantId,
  rate_limit: rateLimit.default({}),
  tier: z.enum(TIERS).optional(),
  burst_multiplier: z.number().min(1).max(100).optional(),
});
export type QuotaBody = z.output<typeof quotaSchema>;
/** Where the path names the tenant. */
export const quotaOfSchema = quotaSchema.omit({ tenant_id: true });
export type QuotaOfBody = z.output<typeof quotaOfSchema>;

export const flagsSchema = z
  .strictObject({
    selector: z
      .strictObject({
        rust_percent: z.number().min(0).max(100).optional(),
        enabled: z.boolean().optional(),
      })
      .optional(),
    pii: z.strictObject({ detector: z.enum(PII_DETECTORS).optional() }).optional(),
  })
  .refine((flags) => Object.keys(flags).length > 0, {
    message: 'or another flag is needed',
    path: ['selector'],
  })
  .meta({ minProperties: 1 });
export type FlagsBody = z.output<typeof flagsSchema>;

const REASON = 256;
const MOST_PATIENCE_MS = 22_000;
export const drainSchema = z.discriminatedUnion(
  'enabled',
  [
    z.strictObject({
      enabled: z.literal(true),
      reason: z.string().min(1).max(REASON).optional(),
      reconnect_after_ms: z.int().min(0).max(HOUR_MS).default(5_000),
      patience_ms: z.int().min(0).max(MOST_PATIENCE_MS).default(20_000),
    }),
    z.strictObject({ enabled: z.literal(false) }),
  ],
  { error: ({ code }) => (code === 'invalid_union' ? 'must be true or false' : undefined) },
);
export type DrainBody = z.output<typeof drainSchema>;

export const wholeNumber = (max: number): z.ZodType<number> =>
  z
    .string()
    .regex(/^[0-9]{1,6}$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= 1 && value <= max, `must be 1 to ${max}`);
