/** Adapters, policies, flags and the drain in one partition of the Config table, so that one Query reads them together. */
import type { Adapter, TenantKey } from '../../model/adapter.ts';
import { type Drain, NO_DRAIN } from '../../model/drain.ts';
import type { ConfigSnapshot, Flags, Policy } from '../../model/policy.ts';
import type { ConfigDefaults, ConfigStore } from '../../ports/config-store.ts';
import type { DocumentTable } from './documents.ts';

const CONFIG = 'config';
const ADAPTER = 'adapter#';
/** `<model>/<tenant>` behind it: neither holds a slash. */
const TENANT_KEY = 'adapter-key#';
const POLICY = 'policy#';
const FLAGS = 'flags';
const DRAIN = 'drain';
/** A policy's versions have a partition of their own: requests never read them. */
const VERSIONS = 'policy-versions#';

interface Kept {
  sk: string;
  document: unknown;
}

/** Models with the keys of tenants that lie beside them; keys of models that are gone are nobody's. */
const withKeys = (adapters: readonly Adapter[], keys: readonly Kept[]): Adapter[] => {
  const byAdapter = Map.groupBy(keys, ({ sk }) => sk.slice(TENANT_KEY.length, sk.indexOf('/')));
  return adapters.map((adapter) => {
    const own = byAdapter.get(adapter.id);
    return own === undefined
      ? adapter
      : { ...adapter, tenant_keys: own.map(({ document }) => document as TenantKey) };
  });
};

/** Sorts as the number does. */
const sortable = (version: number): string => String(version).padStart(10, '0');

export class DynamoConfigStore implements ConfigStore {
  readonly #table: DocumentTable;
  readonly #defaults: ConfigDefaults;

  constructor(table: DocumentTable, defaults: ConfigDefaults) {
    this.#table = table;
    this.#defaults = defaults;
  }

  async snapshot(): Promise<ConfigSnapshot> {
    const adapters: Adapter[] = [];
    const keys: Kept[] = [];
    const policies = this.#withDefault();
    let flags = this.#defaults.flags;
    let drain = NO_DRAIN;
    for (const { sk, document } of await this.#table.list(CONFIG)) {
      if (sk.startsWith(ADAPTER)) adapters.push(document as Adapter);
      else if (sk.startsWith(TENANT_KEY)) keys.push({ sk, document });
      else if (sk.startsWith(POLICY)) policies.set((document as Policy).id, document as Policy);
      else if (sk === FLAGS) flags = { ...flags, ...(document as Partial<Flags>) };
      else if (sk === DRAIN) drain = document as Drain;
    }
    return { adapters: withKeys(adapters, keys), policies, flags, drain };
  }

  async listAdapters(): Promise<Adapter[]> {
    const [adapters, keys] = await Promise.all([
      this.#table.list(CONFIG, { prefix: ADAPTER }),
      this.#table.list(CONFIG, { prefix: TENANT_KEY }),
    ]);
    return withKeys(
      adapters.map(({ document }) => document as Adapter),
      keys,
    );
  }

  async getAdapter(id: string): Promise<Adapter | undefined> {
    const [adapter, tenant_keys] = await Promise.all([
      this.#table.get<Adapter>(CONFIG, ADAPTER + id),
      this.listTenantKeys(id),
    ]);
    return adapter === undefined || tenant_keys.length === 0 ? adapter : { ...adapter, tenant_keys };
  }

  putAdapter({ tenant_keys: _, ...adapter }: Adapter): Promise<void> {
    return this.#table.put(CONFIG, ADAPTER + adapter.id, adapter);
  }

  async listTenantKeys(adapterId: string): Promise<TenantKey[]> {
    const kept = await this.#table.list(CONFIG, { prefix: `${TENANT_KEY}${adapterId}/` });
    return kept.map(({ document }) => document as TenantKey);
  }

  putTenantKey(adapterId: string, key: TenantKey): Promise<void> {
    return this.#table.put(CONFIG, `${TENANT_KEY}${adapterId}/${key.tenant_id}`, key);
  }

  deleteTenantKey(adapterId: string, tenantId: string): Promise<boolean> {
    return this.#table.delete(CONFIG, `${TENANT_KEY}${adapterId}/${tenantId}`);
  }

  deleteAdapter(id: string): Promise<boolean> {
    return this.#table.delete(CONFIG, ADAPTER + id);
  }

  async listPolicies(): Promise<Policy[]> {
    const policies = this.#withDefault();
    for (const { document } of await this.#table.list(CONFIG, { prefix: POLICY })) {
      policies.set((document as Policy).id, document as Policy);
    }
    return [...policies.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async getPolicy(id: string): Promise<Policy | undefined> {
    return (await this.#table.get<Policy>(CONFIG, POLICY + id)) ?? this.#withDefault().get(id);
  }

  putPolicy(policy: Policy): Promise<void> {
    return this.#table.createAndPut(
      { pk: VERSIONS + policy.id, sk: sortable(policy.version), document: policy },
      { pk: CONFIG, sk: POLICY + policy.id, document: policy },
    );
  }

  deletePolicy(id: string): Promise<boolean> {
    return this.#table.delete(CONFIG, POLICY + id);
  }

  async listPolicyVersions(id: string, limit: number): Promise<Policy[]> {
    const found = await this.#table.list(VERSIONS + id, { newest: limit });
    return found.map(({ document }) => document as Policy);
  }

  #withDefault(): Map<string, Policy> {
    const { policy } = this.#defaults;
    return new Map([[policy.id, policy]]);
  }

  async getFlags(): Promise<Flags> {
    return { ...this.#defaults.flags, ...(await this.#table.get<Partial<Flags>>(CONFIG, FLAGS)) };
  }

  putFlags(flags: Flags): Promise<void> {
    return this.#table.put(CONFIG, FLAGS, flags);
  }

  async getDrain(): Promise<Drain> {
    return (await this.#table.get<Drain>(CONFIG, DRAIN)) ?? NO_DRAIN;
  }

  putDrain(drain: Drain): Promise<void> {
    return this.#table.put(CONFIG, DRAIN, drain);
  }
}
