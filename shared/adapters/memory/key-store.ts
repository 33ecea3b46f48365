import { AppError } from '../../errors/app-error.ts';
import type { ApiKeyRecord, KeyUse } from '../../model/tenant.ts';
import type { KeyStore, KeyUseLog } from '../../ports/key-store.ts';

const taken = (): AppError => new AppError('conflict', 'It exists already.');

export class MemoryKeyStore implements KeyStore, KeyUseLog {
  readonly #keys = new Map<string, ApiKeyRecord>();
  readonly #uses = new Map<string, number>();

  async get(id: string): Promise<ApiKeyRecord | undefined> {
    return structuredClone(this.#keys.get(id));
  }

  async create(record: ApiKeyRecord): Promise<void> {
    if (this.#keys.has(record.id)) throw taken();
    this.#keys.set(record.id, structuredClone(record));
  }

  async list(): Promise<(ApiKeyRecord & Partial<KeyUse>)[]> {
    return [...this.#keys.values()]
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map((record) => ({ ...structuredClone(record), ...this.#useOf(record.id) }));
  }

  async delete(id: string): Promise<boolean> {
    this.#uses.delete(id);
    return this.#keys.delete(id);
  }

  async rotate(old: ApiKeyRecord, replaced: ApiKeyRecord, next: ApiKeyRecord): Promise<void> {
    const stands = JSON.stringify(this.#keys.get(old.id)) === JSON.stringify(old);
    if (!stands || this.#keys.has(next.id)) throw taken();
    this.#keys.set(old.id, structuredClone(replaced));
    this.#keys.set(next.id, structuredClone(next));
  }

  async note(id: string, at: number, unlessAfter: number): Promise<void> {
    if ((this.#uses.get(id) ?? 0) <= unlessAfter) this.#uses.set(id, at);
  }

  #useOf(id: string): Partial<KeyUse> {
    const at = this.#uses.get(id);
    return at === undefined ? {} : { last_used_at: new Date(at).toISOString() };
  }
}
