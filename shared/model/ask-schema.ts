/** The bodies of an ask and a plan, over HTTP and WebSocket. */
import * as z from 'zod';
import { QUALITY_TIERS } from './policy.ts';

const MAX_ID = 128;
export const HOUR_MS = 3_600_000;

const plan = {
  prompt: z.string().regex(/\S/, 'must not be empty'),
  quality: z.enum(QUALITY_TIERS).default('balanced'),
  max_cost_usd: z.number().nonnegative().optional(),
  latency_slo_ms: z.number().positive().max(HOUR_MS).optional(),
  task_type: z.string().min(1).max(MAX_ID).optional(),
  session_id: z.string().min(1).max(MAX_ID).optional(),
  max_tokens: z.int().min(1).max(1_000_000).optional(),
};

export const askSchema = z.strictObject({ ...plan, stream: z.boolean().default(false) });
export const planSchema = z.strictObject(plan);
