/** Queries of listings: the same names for the same filters everywhere, the same pages. Texts, as a query is. */
import * as z from 'zod';
import { OUTCOMES } from '../../shared/model/observation.ts';
import { EVENT_TYPES } from '../../shared/model/stage-event.ts';
import { adapterId, tenantId, wholeNumber } from './schema.ts';

export const MOST_A_PAGE = 1_000;
const SOME = 50;
const page = (limit: number) => ({
  limit: wholeNumber(MOST_A_PAGE).default(limit),
  cursor: z.string().min(1).max(2_048).optional(),
});
/** Of `created_at`: from then on, and before then. */
const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const span = { since: time.optional(), until: time.optional() };

export const nothingQuery = z.strictObject({});

/** What is few is shown at once. */
export const pageQuery = z.strictObject(page(MOST_A_PAGE));

export const keysQuery = z.strictObject({ tenant_id: tenantId.optional(), ...page(MOST_A_PAGE) });

export const observationsQuery = z.strictObject({
  tenant_id: tenantId.optional(),
  model: adapterId.optional(),
  outcome: z.enum(OUTCOMES).optional(),
  ...span,
  ...page(SOME),
});

export const eventsQuery = z.strictObject({
  type: z.enum(EVENT_TYPES).optional(),
  tenant_id: tenantId.optional(),
  ...span,
  ...page(SOME),
});

export const usageQuery = z.strictObject({
  tenant_id: tenantId.optional(),
  model: adapterId.optional(),
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  cursor: page(SOME).cursor,
});

/** By route; a route that is not named here takes no query, or reads its own. */
export const QUERIES = {
  'GET /admin/adapters': pageQuery,
  'GET /admin/policies': pageQuery,
  'GET /admin/keys': keysQuery,
  'GET /admin/quotas': pageQuery,
  'GET /admin/tenants': pageQuery,
  'GET /admin/observations': observationsQuery,
  'GET /admin/events': eventsQuery,
  'GET /admin/usage': usageQuery,
} as const;
