import type { HealthRecord } from '../../model/health.ts';
import type { HealthStore, HealthSwap } from '../../ports/health-store.ts';

export class MemoryHealthStore implements HealthStore {
  readonly #records = new Map<string, HealthRecord>();

  async list(): Promise<HealthRecord[]> {
    return [...this.#records.values()]
      .sort((a, b) => (a.adapter < b.adapter ? -1 : 1))
      .map((record) => structuredClone(record));
  }

  async get(adapter: string): Promise<HealthRecord | undefined> {
    return structuredClone(this.#records.get(adapter));
  }

  async swap(record: HealthRecord): Promise<HealthSwap> {
    const current = this.#records.get(record.adapter);
    if ((current?.version ?? 0) !== record.version - 1)
      return { swapped: false, current: structuredClone(current) };
    this.#records.set(record.adapter, structuredClone(record));
    return { swapped: true };
  }
}
