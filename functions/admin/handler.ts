import { type AuditChangesDeps, auditChanges } from '../../shared/middleware/audit-changes.ts';
import type { RouteHandler } from '../../shared/middleware/chain.ts';
import type { AuditStore } from '../../shared/ports/audit-store.ts';
import type { ObservationStore } from '../../shared/ports/observation-store.ts';
import { policySchema, promoteSchema } from './policy-schema.ts';
import { type AdapterDeps, adapterRoutes } from './routes/adapters.ts';
import { auditRoutes } from './routes/audit.ts';
import { type DrainRouteDeps, drainRoutes } from './routes/drain.ts';
import { flagRoutes } from './routes/flags.ts';
import { type KeyDeps, keyRoutes } from './routes/keys.ts';
import { observationRoutes } from './routes/observations.ts';
import { type PolicyDeps, policyRoutes } from './routes/policies.ts';
import { evaluationRoutes } from './routes/policy-evaluation.ts';
import { type QuotaDeps, quotaRoutes } from './routes/quotas.ts';
import { adapterSchema, drainSchema, flagsSchema, keySchema, quotaSchema } from './schema.ts';

export type AdminDeps = AdapterDeps &
  KeyDeps &
  QuotaDeps &
  PolicyDeps &
  DrainRouteDeps &
  AuditChangesDeps & {
    observations: ObservationStore;
    auditStore: Pick<AuditStore, 'list'>;
    pause: () => Promise<void>;
  };

/** Whatever changes something is written down before it does. */
export const makeHandlers = (deps: AdminDeps): Record<string, RouteHandler> =>
  auditChanges(deps, routes(deps));

const routes = (deps: AdminDeps): Record<string, RouteHandler> => ({
  ...auditRoutes(deps.auditStore),
  ...adapterRoutes(deps),
  ...keyRoutes(deps),
  ...quotaRoutes(deps),
  ...observationRoutes(deps.observations),
  ...flagRoutes(deps.config),
  ...drainRoutes(deps),
  ...policyRoutes(deps),
  ...evaluationRoutes(deps),
});

export const schemas = {
  'POST /admin/adapters': adapterSchema,
  'POST /admin/keys': keySchema,
  'POST /admin/quotas': quotaSchema,
  'PUT /admin/flags': flagsSchema,
  'POST /admin/drain': drainSchema,
  'PUT /admin/policies/{id}': policySchema,
  'POST /admin/policies/{id}/promote': promoteSchema,
};
