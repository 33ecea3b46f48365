/** What callers are told of limits: those in force, and what of them is used, held and free. As replies.ts. */
import * as z from 'zod';
import { TIERS } from './tenant.ts';

const count = z.int().min(0);
const amount = z.number().min(0);
const time = z.iso.datetime();

const limit = amount.nullable();
export const rateLimitReply = z.strictObject({
  rps: limit,
  rpm: limit,
  rph: limit,
  tokens_per_day: limit,
  cost_per_day_usd: limit,
  concurrent: limit,
});

export const quotaReply = z.strictObject({
  tenant_id: z.string(),
  tier: z.enum(TIERS),
  rate_limit: rateLimitReply,
  burst_multiplier: z.number().min(1),
  updated_at: time,
});
export const quotasReply = z.array(quotaReply);
const limitUsage = z.strictObject({
  limit,
  used: amount,
  held: amount,
  free: amount.nullable(),
  resets_at: time.nullable(),
});
const limitsUsage = z.strictObject({
  second: limitUsage,
  minute: limitUsage,
  hour: limitUsage,
  tokens_per_day: limitUsage,
  cost_per_day_usd: limitUsage,
  concurrent: limitUsage,
});
export const ownUsageReply = z.strictObject({
  tenant_id: z.string(),
  tier: z.enum(TIERS),
  day: z.iso.date(),
  limits: limitsUsage,
  key: z.strictObject({ id: z.string(), limits: limitsUsage }).optional(),
});
export const quotaUseReply = z.strictObject({
  ...quotaReply.shape,
  limits: limitsUsage,
  use: z.strictObject({
    day: z.iso.date(),
    tokens_used: count,
    cost_used_usd: amount,
    tokens_held: count,
    cost_held_usd: amount,
    in_flight: count,
  }),
});
