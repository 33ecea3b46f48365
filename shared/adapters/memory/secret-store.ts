import type { SecretStore } from '../../ports/secret-store.ts';

export class MemorySecretStore implements SecretStore {
  readonly #secrets = new Map<string, string>();

  constructor(secrets: Record<string, string> = {}) {
    for (const [name, value] of Object.entries(secrets)) this.#secrets.set(name, value);
  }

  async get(name: string): Promise<string | undefined> {
    return this.#secrets.get(name);
  }

  refresh(name: string): Promise<string | undefined> {
    return this.get(name);
  }

  async put(name: string, value: string): Promise<void> {
    this.#secrets.set(name, value);
  }

  async delete(name: string): Promise<void> {
    this.#secrets.delete(name);
  }
}
