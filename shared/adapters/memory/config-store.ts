import type { Adapter } from '../../model/adapter.ts';
import type { ConfigSnapshot, Flags, Policy } from '../../model/policy.ts';
import type { ConfigDefaults, ConfigStore } from '../../ports/config-store.ts';

export class MemoryConfigStore implements ConfigStore {
  readonly #defaults: ConfigDefaults;
  readonly #adapters = new Map<string, Adapter>();
  readonly #policies = new Map<string, Policy>();
  #flags: Flags | undefined;

  constructor(defaults: ConfigDefaults) {
    this.#defaults = defaults;
  }

  async snapshot(): Promise<ConfigSnapshot> {
    return {
      adapters: await this.listAdapters(),
      policies: new Map([[this.#defaults.policy.id, this.#defaults.policy], ...this.#policies]),
      flags: await this.getFlags(),
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

  async getFlags(): Promise<Flags> {
    return structuredClone(this.#flags ?? this.#defaults.flags);
  }

  async putFlags(flags: Flags): Promise<void> {
    this.#flags = structuredClone(flags);
  }
}
