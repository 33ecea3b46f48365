/** Liveness, readiness, startup, and the list of models. */
import type { RouteHandler } from '../../shared/middleware/chain.ts';
import { json } from '../../shared/middleware/http-response.ts';
import { principalOf } from '../../shared/middleware/scope.ts';
import { modelList } from '../../shared/model/model-list.ts';
import type { ConfigStore } from '../../shared/ports/config-store.ts';
import type { UsageLedger } from '../../shared/ports/usage-ledger.ts';
import { limitsUsage } from '../../shared/services/admission/usage.ts';
import { DEFAULT_TIER } from '../../shared/services/quotas.ts';
import type { HealthChecks } from './health.ts';

export interface StatusDeps {
  config: ConfigStore;
  ledger: Pick<UsageLedger, 'read'>;
  now: () => number;
  live: HealthChecks;
  ready: HealthChecks;
  startup: HealthChecks;
}

const health =
  (checks: HealthChecks): RouteHandler =>
  async () => {
    const report = await checks.report();
    return json(
      report.status === 'healthy' ? 200 : 503,
      report,
      report.status === 'healthy' ? {} : { 'retry-after': '1' },
    );
  };

export const makeHandlers = (deps: StatusDeps): Record<string, RouteHandler> => ({
  'GET /healthz': () => json(200, { status: 'ok' }),
  'GET /livez': health(deps.live),
  'GET /readyz': health(deps.ready),
  'GET /startupz': health(deps.startup),
  'GET /v1/models': async () => json(200, modelList(await deps.config.listAdapters())),
  'GET /v1/usage': async (event) => {
    const { tenant_id, key_id, rate_limit } = principalOf(event);
    const item = await deps.ledger.read(tenant_id);
    const key = rate_limit === undefined ? undefined : { id: key_id, rate_limit };
    const tier = item?.quota?.tier ?? DEFAULT_TIER;
    return json(200, { tenant_id, tier, ...limitsUsage(item, deps.now(), key) });
  },
});
