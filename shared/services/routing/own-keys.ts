/** Keys that single tenants have at a provider: where they are kept, and models as a tenant with one sees them. */
import type { Adapter } from '../../model/adapter.ts';
import type { ConfigSnapshot } from '../../model/policy.ts';

export const keySecretOf = (adapterId: string, tenantId: string): string =>
  `adapters/${adapterId}/tenants/${tenantId}`;

/** Only tenants that have a key of their own are served. */
export const isForKeyHolders = ({ tenant_keys, secret_name }: Adapter): boolean =>
  tenant_keys !== undefined && secret_name === undefined;

/** With the tenant's own account, where it has one. */
export const asSeenBy = (tenantId: string, adapter: Adapter): Adapter => {
  const own = adapter.tenant_keys?.find(({ tenant_id }) => tenant_id === tenantId);
  if (own === undefined) return isForKeyHolders(adapter) ? { ...adapter, account: 'none' } : adapter;
  return {
    ...adapter,
    // What was known of a former key's account counts no longer.
    ...(own.updated_at > adapter.updated_at ? { updated_at: own.updated_at } : {}),
    account: { tenant_id: tenantId, secret_name: keySecretOf(adapter.id, tenantId) },
  };
};

/** The same copy where no tenant has a key of its own. */
export const snapshotFor = (tenantId: string | undefined, snapshot: ConfigSnapshot): ConfigSnapshot =>
  tenantId === undefined || !snapshot.adapters.some(({ tenant_keys }) => tenant_keys !== undefined)
    ? snapshot
    : { ...snapshot, adapters: snapshot.adapters.map((adapter) => asSeenBy(tenantId, adapter)) };
