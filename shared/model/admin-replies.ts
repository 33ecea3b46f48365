/** What operators get back of tenants, usage and events; see replies.ts. */
import * as z from 'zod';
import { quotaReply, quotaUseReply } from './quota-replies.ts';
import { keyReply } from './replies.ts';
import { EVENT_TYPES } from './stage-event.ts';
import { TIERS } from './tenant.ts';

const count = z.int().min(0);

export const tenantsReply = z.array(
  z.strictObject({
    tenant_id: z.string(),
    keys: count,
    /** Null where no quota was set. */
    tier: z.enum(TIERS).nullable(),
    policy: z.string(),
  }),
);

export const tenantReply = z.strictObject({
  tenant_id: z.string(),
  policy: z.string(),
  keys: z.array(keyReply),
  quota: quotaReply.nullable(),
  use: quotaUseReply.shape.use,
});

export const usageReply = z.array(
  z.strictObject({
    day: z.iso.date(),
    tenant_id: z.string(),
    model: z.string(),
    requests: z.int().min(1),
    failed: count,
    tokens_in: count,
    tokens_out: count,
    cost_usd: z.number().min(0),
  }),
);

export const eventsReply = z.array(
  z.strictObject({
    id: z.string(),
    type: z.enum(EVENT_TYPES),
    subject: z.string().optional(),
    tenant_id: z.string().optional(),
    /** The key that brought it about. */
    by: z.string().optional(),
    request_id: z.string().optional(),
    created_at: z.iso.datetime(),
  }),
);
