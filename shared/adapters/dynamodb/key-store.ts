import type { ApiKeyRecord } from '../../model/tenant.ts';
import type { KeyStore } from '../../ports/key-store.ts';
import type { DocumentTable } from './documents.ts';

const KEYS = 'keys';

/** API keys in a partition of the Config table. */
export class DynamoKeyStore implements KeyStore {
  readonly #table: DocumentTable;

  constructor(table: DocumentTable) {
    this.#table = table;
  }

  get(id: string): Promise<ApiKeyRecord | undefined> {
    return this.#table.get<ApiKeyRecord>(KEYS, id);
  }

  create(record: ApiKeyRecord): Promise<void> {
    return this.#table.create(KEYS, record.id, record);
  }

  async list(): Promise<ApiKeyRecord[]> {
    return (await this.#table.list(KEYS)).map(({ document }) => document as ApiKeyRecord);
  }

  delete(id: string): Promise<boolean> {
    return this.#table.delete(KEYS, id);
  }
}
