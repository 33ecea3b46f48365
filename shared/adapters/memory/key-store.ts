import { AppError } from '../../errors/app-error.ts';
import type { ApiKeyRecord } from '../../model/tenant.ts';
import type { KeyStore } from '../../ports/key-store.ts';

export class MemoryKeyStore implements KeyStore {
  readonly #keys = new Map<string, ApiKeyRecord>();

  async get(id: string): Promise<ApiKeyRecord | undefined> {
    return structuredClone(this.#keys.get(id));
  }

  async create(record: ApiKeyRecord): Promise<void> {
    if (this.#keys.has(record.id)) throw new AppError('conflict', 'It exists already.');
    this.#keys.set(record.id, structuredClone(record));
  }

  async list(): Promise<ApiKeyRecord[]> {
    return [...this.#keys.values()]
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map((record) => structuredClone(record));
  }

  async delete(id: string): Promise<boolean> {
    return this.#keys.delete(id);
  }
}
