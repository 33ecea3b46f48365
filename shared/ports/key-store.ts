import type { ApiKeyRecord } from '../model/tenant.ts';

/** API keys, without their secrets. Reads are strongly consistent. */
export interface KeyStore {
  get(id: string): Promise<ApiKeyRecord | undefined>;
  /** Throws `conflict` if the id exists. */
  create(record: ApiKeyRecord): Promise<void>;
  list(): Promise<ApiKeyRecord[]>;
  /** False when there was none. */
  delete(id: string): Promise<boolean>;
}
