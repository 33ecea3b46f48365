/** Adapters, policies and flags in one partition of the Config table, so that one Query reads them together. */
import type { Adapter } from '../../model/adapter.ts';
import type { ConfigSnapshot, Flags, Policy } from '../../model/policy.ts';
import type { ConfigDefaults, ConfigStore } from '../../ports/config-store.ts';
import type { DocumentTable } from './documents.ts';

const CONFIG = 'config';
const ADAPTER = 'adapter#';
const POLICY = 'policy#';
const FLAGS = 'flags';

export class DynamoConfigStore implements ConfigStore {
  readonly #table: DocumentTable;
  readonly #defaults: ConfigDefaults;

  constructor(table: DocumentTable, defaults: ConfigDefaults) {
    this.#table = table;
    this.#defaults = defaults;
  }

  async snapshot(): Promise<ConfigSnapshot> {
    const adapters: Adapter[] = [];
    const policies = new Map([[this.#defaults.policy.id, this.#defaults.policy]]);
    let flags = this.#defaults.flags;
    for (const { sk, document } of await this.#table.list(CONFIG)) {
      if (sk.startsWith(ADAPTER)) adapters.push(document as Adapter);
      else if (sk.startsWith(POLICY)) policies.set((document as Policy).id, document as Policy);
      else if (sk === FLAGS) flags = document as Flags;
    }
    return { adapters, policies, flags };
  }

  async listAdapters(): Promise<Adapter[]> {
    return (await this.#table.list(CONFIG, ADAPTER)).map(({ document }) => document as Adapter);
  }

  getAdapter(id: string): Promise<Adapter | undefined> {
    return this.#table.get<Adapter>(CONFIG, ADAPTER + id);
  }

  putAdapter(adapter: Adapter): Promise<void> {
    return this.#table.put(CONFIG, ADAPTER + adapter.id, adapter);
  }

  deleteAdapter(id: string): Promise<boolean> {
    return this.#table.delete(CONFIG, ADAPTER + id);
  }

  async getFlags(): Promise<Flags> {
    return (await this.#table.get<Flags>(CONFIG, FLAGS)) ?? this.#defaults.flags;
  }

  putFlags(flags: Flags): Promise<void> {
    return this.#table.put(CONFIG, FLAGS, flags);
  }
}
