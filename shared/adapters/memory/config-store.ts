import { AppError } from '../../errors/app-error.ts';
import type { Adapter } from '../../model/adapter.ts';
import { type Drain, NO_DRAIN } from '../../model/drain.ts';
import type { ConfigSnapshot, Flags, Policy } from '../../model/policy.ts';
import type { ConfigDefaults, ConfigStore } from '../../ports/config-store.ts';

export class MemoryConfigStore implements ConfigStore {
  readonly #defaults: ConfigDefaults;
  readonly #adapters = new Map<string, Adapter>();
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
    return [...this.#adapters.values()]
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map((adapter) => structuredClone(adapter));
  }

  async getAdapter(id: string): Promise<Adapter | undefined> {
    return structuredClone(this.#adapters.get(id));
  }

  async putAdapter(adapter: Adapter): Promise<void> {
    this.#adapters.set(adapter.id, structuredClone(adapter));
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
