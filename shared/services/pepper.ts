/** Keys the hashes of API keys. Each record names the version it was made under, so the pepper can be rotated and keys live on. */
import type { KeyObject } from 'node:crypto';
import type { ApiKeyRecord } from '../model/tenant.ts';
import { hashSecret, pepperKey, sameDigest } from './api-keys.ts';
import { FIRST_VERSION, type KeyRing } from './secrets/key-ring.ts';
import { RingReader, type RingSource } from './secrets/ring-reader.ts';

export const PEPPER_SECRET = 'pepper';

export type Peppered = Pick<ApiKeyRecord, 'hash' | 'pepper_version'>;

export class Pepper {
  readonly #reader: RingReader;
  #known: { ring: KeyRing; keys: Map<string, KeyObject> } | undefined;

  constructor(secrets: RingSource) {
    this.#reader = new RingReader(secrets, PEPPER_SECRET);
  }

  /** What is stored of a new key's secret part. */
  async hash(secret: string): Promise<Required<Peppered>> {
    const { ring, keys } = this.#keysOf(await this.#reader.ring());
    const { version } = ring.current;
    return { hash: hashSecret(secret, keys.get(version) as KeyObject), pepper_version: version };
  }

  /** A name for what may not be written down; it stays the same over rotations. */
  async name(text: string): Promise<string> {
    return hashSecret(text, (await this.#reader.ring()).root);
  }

  /** In memory already, most of the time. Throws `unavailable` where there is no pepper. */
  async ready(): Promise<void> {
    await this.#reader.ring();
  }

  async matches(secret: string, { hash, pepper_version = FIRST_VERSION }: Peppered): Promise<boolean> {
    const key = this.#keysOf(await this.#reader.ringWith(pepper_version)).keys.get(pepper_version);
    return key !== undefined && sameDigest(hashSecret(secret, key), hash);
  }

  #keysOf(ring: KeyRing): { ring: KeyRing; keys: Map<string, KeyObject> } {
    if (this.#known?.ring !== ring) {
      const versions = [ring.current, ...ring.former];
      this.#known = {
        ring,
        keys: new Map(versions.map(({ version, secret }) => [version, pepperKey(secret)])),
      };
    }
    return this.#known;
  }
}
