/** Queries of listings: the same names for the same filters everywhere, the same pages. Texts, as a query is. */
import * as z from 'zod';
import { AUDIT_KINDS, AUDIT_OUTCOMES } from '../../shared/model/audit.ts';
import { OUTCOMES } from '../../shared/model/observation.ts';
import { EVENT_TYPES } from '../../shared/model/stage-event.ts';
import { adapterId, tenantId, wholeNumber } from './schema.ts';

export const MOST_A_PAGE = 1_000;
const SOME = 50;
const limit = (usual: number) => wholeNumber(MOST_A_PAGE).default(usual);
const cursor = (pattern: RegExp) => z.string().regex(pattern, 'is not a cursor of this listing').optional();

/** Of what is ordered by id: the last one that was shown. */
const AN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const page = { limit: limit(MOST_A_PAGE), cursor: cursor(AN_ID) };
/** Of what is ordered by time: where the page before ended. */
const A_TIME = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const newestFirst = { limit: limit(SOME), cursor: cursor(A_TIME) };
/** Of `created_at`: from then on, and before then. */
const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const span = { since: time.optional(), until: time.optional() };

export const nothingQuery = z.strictObject({});

/** What is few is shown at once. */
export const pageQuery = z.strictObject(page);

export const keysQuery = z.strictObject({ tenant_id: tenantId.optional(), ...page });

export const observationsQuery = z.strictObject({
  tenant_id: tenantId.optional(),
  model: adapterId.optional(),
  outcome: z.enum(OUTCOMES).optional(),
  ...span,
  ...newestFirst,
});

export const eventsQuery = z.strictObject({
  type: z.enum(EVENT_TYPES).optional(),
  tenant_id: tenantId.optional(),
  ...span,
  ...newestFirst,
});

export const auditQuery = z.strictObject({
  tenant_id: tenantId.optional(),
  kind: z.enum(AUDIT_KINDS).optional(),
  outcome: z.enum(AUDIT_OUTCOMES).optional(),
  action: z
    .string()
    .regex(
      /^[A-Z]{2,7} [/$][A-Za-z0-9/{}_-]{0,127}$/,
      'must be a method and a route, such as POST /admin/keys',
    )
    .optional(),
  actor: z
    .string()
    .regex(/^[A-Za-z0-9._:-]{1,128}$/, "must be a key's id")
    .optional(),
  ...span,
  limit: limit(SOME),
  cursor: cursor(/^[A-Za-z0-9_-]{1,256}$/),
});

export const verifyQuery = z.strictObject({ tenant_id: tenantId.optional() });

/** Of one request: whose it is; the key's tenant where it is left out. */
export const observationQuery = z.strictObject({ tenant_id: tenantId.optional() });

const MOST_HOURS = 168;
export const armsQuery = z.strictObject({ hours: wholeNumber(MOST_HOURS).default(24) });

export const usageQuery = z.strictObject({
  tenant_id: tenantId.optional(),
  model: adapterId.optional(),
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  cursor: newestFirst.cursor,
});

/** By route; a route that is not named here takes no query, or reads its own. */
export const QUERIES = {
  'GET /admin/adapters': pageQuery,
  'GET /admin/policies': pageQuery,
  'GET /admin/keys': keysQuery,
  'GET /admin/quotas': pageQuery,
  'GET /admin/tenants': pageQuery,
  'GET /admin/observations': observationsQuery,
  'GET /admin/audit': auditQuery,
  'GET /admin/events': eventsQuery,
  'GET /admin/usage': usageQuery,
  'GET /admin/audit/verify': verifyQuery,
  'GET /admin/observations/{request_id}': observationQuery,
  'GET /admin/policies/{id}/arms': armsQuery,
} as const;
