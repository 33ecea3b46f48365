import type { RouteHandler } from '../../shared/middleware/chain.ts';
import type { ObservationStore } from '../../shared/ports/observation-store.ts';
import { policySchema, promoteSchema } from './policy-schema.ts';
import { type AdapterDeps, adapterRoutes } from './routes/adapters.ts';
import { type DrainRouteDeps, drainRoutes } from './routes/drain.ts';
import { flagRoutes } from './routes/flags.ts';
import { type KeyDeps, keyRoutes } from './routes/keys.ts';
import { observationRoutes } from './routes/observations.ts';
import { type PolicyDeps, policyRoutes } from './routes/policies.ts';
import { evaluationRoutes } from './routes/policy-evaluation.ts';
import { type QuotaDeps, quotaRoutes } from './routes/quotas.ts';
import { adapterSchema, drainSchema, flagsSchema, keySchema, quotaOfSchema, quotaSchema } from './schema.ts';

export type AdminDeps = AdapterDeps &
  KeyDeps &
  QuotaDeps &
  PolicyDeps &
  DrainRouteDeps & { observations: ObservationStore; pause: () => Promise<void> };

export const makeHandlers = (deps: AdminDeps): Record<string, RouteHandler> => ({
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
  'PUT /admin/quotas/{tenant}': quotaOfSchema,
  'PUT /admin/flags': flagsSchema,
  'POST /admin/drain': drainSchema,
  'PUT /admin/policies/{id}': policySchema,
  'POST /admin/policies/{id}/promote': promoteSchema,
};
