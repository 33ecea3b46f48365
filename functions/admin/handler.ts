import { type AuditChangesDeps, auditChanges } from '../../shared/middleware/audit-changes.ts';
import type { RouteHandler } from '../../shared/middleware/chain.ts';
import { parseWith } from '../../shared/middleware/parse-body.ts';
import type { ObservationStore } from '../../shared/ports/observation-store.ts';
import type { NoticeDeps } from '../../shared/services/notice.ts';
import { policySchema, promoteSchema } from './policy-schema.ts';
import { nothingQuery, QUERIES } from './query-schema.ts';
import { type AdapterDeps, adapterRoutes } from './routes/adapters.ts';
import { type AuditRouteDeps, auditRoutes } from './routes/audit.ts';
import { type DrainRouteDeps, drainRoutes } from './routes/drain.ts';
import { eventRoutes, telling } from './routes/events.ts';
import { flagRoutes } from './routes/flags.ts';
import { type KeyDeps, keyRoutes } from './routes/keys.ts';
import { type MeDeps, meRoutes } from './routes/me.ts';
import { observationRoutes } from './routes/observations.ts';
import { type PolicyDeps, policyRoutes } from './routes/policies.ts';
import { type ArmDeps, armRoutes } from './routes/policy-arms.ts';
import { evaluationRoutes } from './routes/policy-evaluation.ts';
import { type QuotaDeps, quotaRoutes } from './routes/quotas.ts';
import { tenantKeyRoutes } from './routes/tenant-keys.ts';
import { type TenantDeps, tenantRoutes } from './routes/tenants.ts';
import { usageRoutes } from './routes/usage.ts';
import {
  adapterSchema,
  drainSchema,
  flagsSchema,
  keySchema,
  quotaOfSchema,
  quotaSchema,
  rotateSchema,
  tenantKeySchema,
  trialSchema,
} from './schema.ts';

export type AdminDeps = AdapterDeps &
  KeyDeps &
  QuotaDeps &
  PolicyDeps &
  TenantDeps &
  NoticeDeps &
  DrainRouteDeps &
  ArmDeps &
  AuditRouteDeps &
  MeDeps &
  AuditChangesDeps & {
    observations: ObservationStore;
    pause: () => Promise<void>;
  };

/** What reads no query refuses one, by the names that it has. */
const withoutQuery = (handlers: Record<string, RouteHandler>): Record<string, RouteHandler> =>
  Object.fromEntries(
    Object.entries(handlers).map(([route, handler]): [string, RouteHandler] =>
      route in QUERIES
        ? [route, handler]
        : [
            route,
            (event) => {
              parseWith(nothingQuery, event.queryStringParameters ?? {}, ['query']);
              return handler(event);
            },
          ],
    ),
  );

/** Whatever changes something is written down before it does. */
export const makeHandlers = (deps: AdminDeps): Record<string, RouteHandler> =>
  auditChanges(deps, routes(deps));

const routes = (deps: AdminDeps): Record<string, RouteHandler> =>
  telling(
    {
      ...withoutQuery({
        ...adapterRoutes(deps),
        ...tenantKeyRoutes(deps),
        ...keyRoutes(deps),
        ...quotaRoutes(deps),
        ...flagRoutes(deps.config),
        ...drainRoutes(deps),
        ...policyRoutes(deps),
        ...tenantRoutes(deps),
        ...meRoutes(deps),
      }),
      ...observationRoutes(deps.observations),
      ...auditRoutes(deps),
      ...armRoutes(deps),
      ...usageRoutes(deps),
      ...eventRoutes(deps),
      ...evaluationRoutes(deps),
    },
    deps,
  );

export const schemas = {
  'POST /admin/adapters': adapterSchema,
  'POST /admin/adapters/{id}/test': trialSchema,
  'PUT /admin/adapters/{id}/keys/{tenant}': tenantKeySchema,
  'POST /admin/keys': keySchema,
  'POST /admin/keys/{id}/rotate': rotateSchema,
  'POST /admin/quotas': quotaSchema,
  'PUT /admin/quotas/{tenant}': quotaOfSchema,
  'PUT /admin/flags': flagsSchema,
  'POST /admin/drain': drainSchema,
  'PUT /admin/policies/{id}': policySchema,
  'POST /admin/policies/{id}/promote': promoteSchema,
};
