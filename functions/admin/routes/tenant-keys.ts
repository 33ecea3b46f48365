/** A tenant's own key at a model's provider: into the secret store, and a note beside the model that it is there. */
import { AppError, invalidField } from '../../../shared/errors/app-error.ts';
import type { RouteHandler } from '../../../shared/middleware/chain.ts';
import { json, noContent } from '../../../shared/middleware/http-response.ts';
import type { Adapter } from '../../../shared/model/adapter.ts';
import type { ConfigStore } from '../../../shared/ports/config-store.ts';
import type { SecretStore } from '../../../shared/ports/secret-store.ts';
import { isTenantId } from '../../../shared/services/authenticate.ts';
import { keySecretOf } from '../../../shared/services/routing/own-keys.ts';
import type { TenantKeyBody } from '../schema.ts';
import { namedAdapter } from './named-adapter.ts';

export interface TenantKeyDeps {
  config: ConfigStore;
  secrets: SecretStore;
  now: () => number;
  holdsPersonalData: (text: string) => boolean;
}

/** Every copy of the configuration holds them all. */
const MOST_KEYS = 1_000;

export const tenantKeyRoutes = (deps: TenantKeyDeps): Record<string, RouteHandler> => ({
  'PUT /admin/adapters/{id}/keys/{tenant}': async (event) => {
    const { id, tenant = '' } = event.pathParameters ?? {};
    const adapter = await namedAdapter(deps.config, id);
    if (!isTenantId(tenant) || deps.holdsPersonalData(tenant)) throw unknownTenant();
    if (adapter.provider === 'bedrock')
      throw invalidField('/api_key', 'is of no use: Bedrock is called with an IAM role');
    assertRoom(adapter, tenant);
    const { api_key } = event.scope.body as TenantKeyBody;
    const key = { tenant_id: tenant, updated_at: new Date(deps.now()).toISOString() };
    await deps.secrets.put(keySecretOf(adapter.id, tenant), api_key);
    await deps.config.putTenantKey(adapter.id, key);
    return json(200, { adapter: adapter.id, ...key });
  },
  'DELETE /admin/adapters/{id}/keys/{tenant}': async (event) => {
    const { id, tenant = '' } = event.pathParameters ?? {};
    const adapter = await namedAdapter(deps.config, id);
    if (!isTenantId(tenant)) throw unknownTenant();
    if (!(await deps.config.deleteTenantKey(adapter.id, tenant)))
      throw new AppError('not_found', 'The tenant has no key of its own for this model.');
    await deps.secrets.delete(keySecretOf(adapter.id, tenant));
    return noContent();
  },
});

/** For a model that is removed, or moves to a place that the keys were not given for. */
export const forgetTenantKeys = async (
  { config, secrets }: Pick<TenantKeyDeps, 'config' | 'secrets'>,
  adapterId: string,
): Promise<void> => {
  for (const { tenant_id } of await config.listTenantKeys(adapterId)) {
    await config.deleteTenantKey(adapterId, tenant_id);
    await secrets.delete(keySecretOf(adapterId, tenant_id));
  }
};

const unknownTenant = (): AppError => new AppError('not_found', 'There is no tenant with this id.');

const assertRoom = ({ tenant_keys = [] }: Adapter, tenant: string): void => {
  if (tenant_keys.length < MOST_KEYS || tenant_keys.some(({ tenant_id }) => tenant_id === tenant)) return;
  throw new AppError('conflict', `A model may have keys of at most ${MOST_KEYS} tenants.`);
};
