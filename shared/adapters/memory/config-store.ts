import { AppError } from '../../errors/app-error.ts';
import type { Adapter, TenantKey } from '../../model/adapter.ts';
import { type Drain, NO_DRAIN } from '../../model/drain.ts';
import type { ConfigSnapshot, Flags, Policy } from '../../model/policy.ts';
import type { ConfigDefaults, ConfigStore } from '../../ports/config-store.ts';

export class MemoryConfigStore implements ConfigStore {
  readonly #defaults: ConfigDefaults;
  readonly #adapters = new Map<string, Adapter>();
  /** By adapter and tenant. */
  readonly #tenantKeys = new Map<string, Map<string, TenantKey>>();
  readonly #policies = new Map<string, Policy>();
  readonly #versions = new Map<string, Policy[]>();
  #flags: Flags | undefined;
  #drain = NO_DRAIN;

  constructor(defaults: ConfigDefaults) {
    this.#defaults = defaults;
  }

  async snapshot(): Promise<ConfigSnapshot> {
    return {
      adapters: await this.listAdapters(),
      policies: new Map((await this.listPolicies()).map((policy) => [policy.id, policy])),
      flags: await this.getFlags(),
      drain: await this.getDrain(),
    };
  }

  async listAdapters(): Promise<Adapter[]> {
    const sorted = [...this.#adapters.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    return Promise.all(sorted.map((adapter) => this.#withKeys(adapter)));
  }

  async getAdapter(id: string): Promise<Adapter | undefined> {
    const adapter = this.#adapters.get(id);
    return adapter === undefined ? undefined : this.#withKeys(adapter);
  }

  async putAdapter({ tenant_keys: _, ...adapter }: Adapter): Promise<void> {
    this.#adapters.set(adapter.id, structuredClone(adapter));
  }

  async listTenantKeys(adapterId: string): Promise<TenantKey[]> {
    return [...(this.#tenantKeys.get(adapterId)?.values() ?? [])]
      .sort((a, b) => (a.tenant_id < b.tenant_id ? -1 : 1))
      .map((key) => structuredClone(key));
  }

  async putTenantKey(adapterId: string, key: TenantKey): Promise<void> {
    const keys = this.#tenantKeys.get(adapterId) ?? new Map<string, TenantKey>();
    this.#tenantKeys.set(adapterId, keys.set(key.tenant_id, structuredClone(key)));
  }

  async deleteTenantKey(adapterId: string, tenantId: string): Promise<boolean> {
    return this.#tenantKeys.get(adapterId)?.delete(tenantId) ?? false;
  }

  async #withKeys(adapter: Adapter): Promise<Adapter> {
    const tenant_keys = await this.listTenantKeys(adapter.id);
    return { ...structuredClone(adapter), ...(tenant_keys.length === 0 ? {} : { tenant_keys }) };
  }

  async deleteAdapter(id: string): Promise<boolean> {
    return this.#adapters.delete(id);
  }

  async listPolicies(): Promise<Policy[]> {
    const { policy } = this.#defaults;
    return [...new Map([[policy.id, policy], ...this.#policies]).values()]
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map((one) => structuredClone(one));
  }

  async getPolicy(id: string): Promise<Policy | undefined> {
    const { policy } = this.#defaults;
    return structuredClone(this.#policies.get(id) ?? (id === policy.id ? policy : undefined));
  }

  async putPolicy(policy: Policy): Promise<void> {
    const versions = this.#versions.get(policy.id) ?? [];
    if (versions.some(({ version }) => version === policy.version)) {
      throw new AppError('conflict', 'It exists already.');
    }
    this.#versions.set(policy.id, [structuredClone(policy), ...versions]);
    this.#policies.set(policy.id, structuredClone(policy));
  }

  async deletePolicy(id: string): Promise<boolean> {
    return this.#policies.delete(id);
  }

  async listPolicyVersions(id: string, limit: number): Promise<Policy[]> {
    return (this.#versions.get(id) ?? [])
      .toSorted((a, b) => b.version - a.version)
      .slice(0, limit)
      .map((policy) => structuredClone(policy));
  }

  async getFlags(): Promise<Flags> {
    return structuredClone({ ...this.#defaults.flags, ...this.#flags });
  }

  async putFlags(flags: Flags): Promise<void> {
    this.#flags = structuredClone(flags);
  }

  async getDrain(): Promise<Drain> {
    return structuredClone(this.#drain);
  }

  async putDrain(drain: Drain): Promise<void> {
    this.#drain = structuredClone(drain);
  }
}
