/** Tenants: there is no record of one; it is there as soon as a key, a limit, a policy or a request names it. */
import { AppError } from '../../../shared/errors/app-error.ts';
import type { RouteHandler } from '../../../shared/middleware/chain.ts';
import { json } from '../../../shared/middleware/http-response.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import type { ConfigStore } from '../../../shared/ports/config-store.ts';
import type { KeyStore } from '../../../shared/ports/key-store.ts';
import { type UsageLedger, useOf } from '../../../shared/ports/usage-ledger.ts';
import { DEFAULT_TENANT, isTenantId } from '../../../shared/services/authenticate.ts';
import { DEFAULT_POLICY_ID } from '../../../shared/services/routing/assign-policy.ts';
import { pageOf, queryOf } from '../pages.ts';
import { withoutHash } from './keys.ts';

export interface TenantDeps {
  keys: KeyStore;
  ledger: UsageLedger;
  config: ConfigStore;
  now: () => number;
}

/** Of policies that name the same tenant the first by id has it. */
const policyOf = (policies: readonly Policy[], tenantId: string): string =>
  policies.find(({ tenants }) => tenants?.includes(tenantId) === true)?.id ?? DEFAULT_POLICY_ID;

export const tenantRoutes = ({ keys, ledger, config, now }: TenantDeps): Record<string, RouteHandler> => ({
  'GET /admin/tenants': async (event) => {
    const query = queryOf('GET /admin/tenants', event);
    const [allKeys, quotas, policies] = await Promise.all([
      keys.list(),
      ledger.listQuotas(),
      config.listPolicies(),
    ]);
    const ids = new Set([
      DEFAULT_TENANT,
      ...allKeys.map(({ tenant_id }) => tenant_id),
      ...quotas.map(({ tenant_id }) => tenant_id),
      ...policies.flatMap(({ tenants = [] }) => tenants),
    ]);
    const tiers = new Map(quotas.map(({ tenant_id, tier }) => [tenant_id, tier]));
    const counts = Map.groupBy(allKeys, ({ tenant_id }) => tenant_id);
    const tenants = [...ids].map((tenant_id) => ({
      tenant_id,
      keys: counts.get(tenant_id)?.length ?? 0,
      tier: tiers.get(tenant_id) ?? null,
      policy: policyOf(policies, tenant_id),
    }));
    return pageOf(event, tenants, query, ({ tenant_id }) => tenant_id);
  },
  'GET /admin/tenants/{id}': async (event) => {
    const id = event.pathParameters?.id ?? '';
    if (!isTenantId(id)) throw unknownTenant();
    const [allKeys, item, policies] = await Promise.all([
      keys.list(),
      ledger.read(id),
      config.listPolicies(),
    ]);
    const own = allKeys.filter(({ tenant_id }) => tenant_id === id);
    const isNamed = policies.some(({ tenants }) => tenants?.includes(id) === true);
    if (id !== DEFAULT_TENANT && own.length === 0 && item === undefined && !isNamed) throw unknownTenant();
    const time = now();
    return json(200, {
      tenant_id: id,
      policy: policyOf(policies, id),
      keys: own.map(withoutHash),
      quota: item?.quota ?? null,
      use: useOf(item, new Date(time).toISOString().slice(0, 10), time),
    });
  },
});

const unknownTenant = (): AppError => new AppError('not_found', 'There is no tenant with this id.');
