import type { ApiKeyRecord, KeyUse } from '../model/tenant.ts';

/** API keys, without their secrets. Reads are strongly consistent. */
export interface KeyStore {
  get(id: string): Promise<ApiKeyRecord | undefined>;
  /** Throws `conflict` if the id exists. */
  create(record: ApiKeyRecord): Promise<void>;
  /** With their last use, where they have one. */
  list(): Promise<(ApiKeyRecord & Partial<KeyUse>)[]>;
  /** False when there was none. */
  delete(id: string): Promise<boolean>;
  /** Puts `next` beside `old`, which becomes `replaced`; both or neither. Throws `conflict` where the old one is not `old` any more. */
  rotate(old: ApiKeyRecord, replaced: ApiKeyRecord, next: ApiKeyRecord): Promise<void>;
}

/** Apart from the keys, so that who notes a use has no right to change a key. */
export interface KeyUseLog {
  /** Writes that the key was used at `at`, unless a use is written down that is later than `unlessAfter`. Milliseconds. */
  note(id: string, at: number, unlessAfter: number): Promise<void>;
}
