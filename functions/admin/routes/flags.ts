/** Operational flags; what is left out of a change stays as it is. */
import type { RouteHandler } from '../../../shared/middleware/chain.ts';
import { json } from '../../../shared/middleware/http-response.ts';
import type { ConfigStore } from '../../../shared/ports/config-store.ts';
import type { FlagsBody } from '../schema.ts';

export const flagRoutes = (config: ConfigStore): Record<string, RouteHandler> => ({
  'GET /admin/flags': async () => json(200, await config.getFlags()),
  'PUT /admin/flags': async (event) => {
    const { selector = {}, pii = {} } = event.scope.body as FlagsBody;
    const current = await config.getFlags();
    const flags = {
      ...current,
      selector: {
        rust_percent: selector.rust_percent ?? current.selector.rust_percent,
        enabled: selector.enabled ?? current.selector.enabled,
      },
      pii: { detector: pii.detector ?? current.pii.detector },
    };
    await config.putFlags(flags);
    return json(200, flags);
  },
});
