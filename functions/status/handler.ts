/** Liveness, readiness, startup, and the list of models. */
import type { RouteHandler } from '../../shared/middleware/chain.ts';
import { json } from '../../shared/middleware/http-response.ts';
import { headerOf, principalOf } from '../../shared/middleware/scope.ts';
import { modelList } from '../../shared/model/model-list.ts';
import type { ConfigStore } from '../../shared/ports/config-store.ts';
import type { UsageLedger } from '../../shared/ports/usage-ledger.ts';
import { limitsUsage } from '../../shared/services/admission/usage.ts';
import { DEFAULT_TIER } from '../../shared/services/quotas.ts';
import type { Description } from './description.ts';
import type { HealthChecks, HealthReport } from './health.ts';

export interface StatusDeps {
  config: ConfigStore;
  ledger: Pick<UsageLedger, 'read'>;
  now: () => number;
  live: HealthChecks;
  ready: HealthChecks;
  startup: HealthChecks;
  /** The description of the API: loaded when it is asked for, since nothing else needs it. */
  description: () => Promise<Description>;
}

/** Measured once, however often it is told again. */
const health = (checks: HealthChecks): RouteHandler => {
  const measured = new WeakSet<HealthReport>();
  return async ({ scope }) => {
    const report = await checks.report();
    if (!measured.has(report)) scope.facts.checks = factsOf(report);
    measured.add(report);
    return json(
      report.status === 'healthy' ? 200 : 503,
      report,
      report.status === 'healthy' ? {} : { 'retry-after': '1' },
    );
  };
};

const factsOf = ({ checks }: HealthReport) =>
  Object.fromEntries(
    Object.entries(checks).map(([name, { status, latency_ms }]) => [name, { status, latency_ms }]),
  );

export const makeHandlers = (deps: StatusDeps): Record<string, RouteHandler> => ({
  'GET /healthz': () => json(200, { status: 'ok' }),
  'GET /livez': health(deps.live),
  'GET /readyz': health(deps.ready),
  'GET /startupz': health(deps.startup),
  'GET /openapi.json': async (event) => {
    const { text, etag } = await deps.description();
    const headers = { etag, 'cache-control': 'public, max-age=300' };
    if (headerOf(event, 'if-none-match') === etag) return { statusCode: 304, headers, body: '' };
    return { statusCode: 200, headers: { 'content-type': 'application/json', ...headers }, body: text };
  },
  'GET /v1/models': async () => json(200, modelList(await deps.config.listAdapters())),
  'GET /v1/usage': async (event) => {
    const { tenant_id, limits } = principalOf(event);
    const item = await deps.ledger.read(tenant_id);
    const tier = item?.quota?.tier ?? DEFAULT_TIER;
    return json(200, { tenant_id, tier, ...limitsUsage(item, deps.now(), limits) });
  },
});
