/** What the gateway tells others: names, numbers and codes. Their JSON Schemas are in docs/api/events; fields are only ever added. */
import * as z from 'zod';
import { OUTCOMES } from './observation.ts';

const common = {
  /** The same when it comes again: events are told at least once. */
  id: z.uuid(),
  stage: z.string().min(1),
  at: z.iso.datetime(),
};
const name = z.string().min(1).max(256);
const count = z.int().min(0);
/** Whose key brought it about, and with which request. */
const cause = { by: name.optional(), request_id: name.optional() };

export const EVENT_SCHEMAS = {
  ObservationRecorded: z.object({
    ...common,
    request_id: name,
    tenant_id: name,
    policy: name,
    policy_version: count.optional(),
    model: name,
    provider: name,
    quality: z.enum(['fast', 'balanced', 'high']),
    selector: z.enum(['rust', 'typescript']),
    tokens_in: count,
    tokens_out: count,
    tokens_estimated: z.boolean(),
    cost_usd: z.number().min(0),
    latency_ms: z.number().min(0),
    outcome: z.enum(OUTCOMES),
    cached: z.boolean(),
    failed_over: z.boolean(),
  }),
  AdapterHealthChanged: z.object({
    ...common,
    adapter: name,
    state: z.enum(['healthy', 'unhealthy']),
    breaker: z.enum(['closed', 'opened']),
  }),
  QuotaExceeded: z.object({
    ...common,
    tenant_id: name,
    /** As in a 429's or 402's `window`. */
    window: name,
    request_id: name.optional(),
  }),
  SecretRotated: z.object({ ...common, secret: name }),
  PolicyChanged: z.object({
    ...common,
    ...cause,
    policy: name,
    change: z.enum(['changed', 'promoted', 'removed']),
  }),
  DrainStarted: z.object({ ...common, ...cause }),
} as const;

export type PublishedType = keyof typeof EVENT_SCHEMAS;

export type PublishedEvent = {
  [Type in PublishedType]: { type: Type; detail: z.output<(typeof EVENT_SCHEMAS)[Type]> };
}[PublishedType];
