import type { ApiKeyRecord, KeyUse } from '../../model/tenant.ts';
import type { KeyStore, KeyUseLog } from '../../ports/key-store.ts';
import type { DocumentTable } from './documents.ts';

const KEYS = 'keys';
/** A partition of its own: rights to it are no rights to the keys (infra/constructs/grants.ts). */
const KEY_USES = 'key-uses';

/** API keys in a partition of the Config table. */
export class DynamoKeyStore implements KeyStore, KeyUseLog {
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

  async list(): Promise<(ApiKeyRecord & Partial<KeyUse>)[]> {
    const [keys, uses] = await Promise.all([this.#table.list(KEYS), this.#table.list(KEY_USES)]);
    const used = new Map(uses.map(({ sk, document }) => [sk, document as KeyUse]));
    return keys.map(({ sk, document }) => ({ ...(document as ApiKeyRecord), ...used.get(sk) }));
  }

  async delete(id: string): Promise<boolean> {
    const [was] = await Promise.all([this.#table.delete(KEYS, id), this.#table.delete(KEY_USES, id)]);
    return was;
  }

  rotate(old: ApiKeyRecord, replaced: ApiKeyRecord, next: ApiKeyRecord): Promise<void> {
    return this.#table.createAndReplace(
      { pk: KEYS, sk: next.id, document: next },
      { pk: KEYS, sk: old.id, document: replaced, was: old },
    );
  }

  async note(id: string, at: number, unlessAfter: number): Promise<void> {
    const use: KeyUse = { last_used_at: new Date(at).toISOString() };
    await this.#table.putUnlessLater({ pk: KEY_USES, sk: id, document: use }, at, unlessAfter);
  }
}
