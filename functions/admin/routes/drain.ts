/** Draining: new work is refused everywhere within seconds, sockets are told and closed, and one call lifts it. */
import type { RouteHandler } from '../../../shared/middleware/chain.ts';
import { json } from '../../../shared/middleware/http-response.ts';
import { type Draining, NO_DRAIN } from '../../../shared/model/drain.ts';
import type { ConfigStore } from '../../../shared/ports/config-store.ts';
import { type DrainDeps, drainSockets } from '../../../shared/services/drain/drain-sockets.ts';
import type { DrainBody } from '../schema.ts';

export interface DrainRouteDeps extends DrainDeps {
  config: ConfigStore;
  redact: (text: string) => string;
}

export const drainRoutes = (deps: DrainRouteDeps): Record<string, RouteHandler> => ({
  'GET /admin/drain': async () => json(200, await deps.config.getDrain()),
  'POST /admin/drain': async (event) => {
    const body = event.scope.body as DrainBody;
    if (!body.enabled) {
      await deps.config.putDrain(NO_DRAIN);
      return json(200, NO_DRAIN);
    }
    const { reason, reconnect_after_ms, patience_ms } = body;
    const known = await deps.config.getDrain();
    const drain: Draining = {
      enabled: true,
      ...(reason === undefined ? {} : { reason: deps.redact(reason) }),
      reconnect_after_ms,
      since: known.enabled ? known.since : new Date(deps.clock.now()).toISOString(),
    };
    await deps.config.putDrain(drain);
    return json(200, { ...drain, report: await drainSockets(deps, drain, patience_ms) });
  },
});
