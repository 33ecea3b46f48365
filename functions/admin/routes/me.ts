/** Whose key this is, so that whoever holds it can be shown what it is good for. */
import type { RouteHandler } from '../../../shared/middleware/chain.ts';
import { json } from '../../../shared/middleware/http-response.ts';
import { principalOf } from '../../../shared/middleware/scope.ts';

export interface MeDeps {
  /** The stage. */
  env: string;
  version: string;
}

export const meRoutes = ({ env, version }: MeDeps): Record<string, RouteHandler> => ({
  'GET /admin/me': (event) => {
    const { key_id, tenant_id, roles, scopes } = principalOf(event);
    return json(200, { key_id, tenant_id, roles, scopes, stage: env, version });
  },
});
