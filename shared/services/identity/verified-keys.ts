/**
 * Which keys were found to fit their records a moment ago, so that a busy caller's key costs a comparison instead of two hashes.
 * An entry counts for the very record that it was verified against: once that is read anew, so is the key.
 */
import { timingSafeEqual } from 'node:crypto';
import type { ApiKeyRecord } from '../../model/tenant.ts';

const MAX_KEYS = 10_000;

export class VerifiedKeys {
  /** By the key's id; the one longest known is forgotten. */
  readonly #known = new Map<string, { key: Buffer; record: ApiKeyRecord }>();

  /** The record that this very key was verified against. Compares in time that does not depend on the key. */
  recordOf(id: string, key: string): ApiKeyRecord | undefined {
    const known = this.#known.get(id);
    if (known === undefined) return undefined;
    const presented = Buffer.from(key, 'latin1');
    return presented.length === known.key.length && timingSafeEqual(presented, known.key)
      ? known.record
      : undefined;
  }

  add(id: string, key: string, record: ApiKeyRecord): void {
    this.#known.delete(id);
    this.#known.set(id, { key: Buffer.from(key, 'latin1'), record });
    if (this.#known.size <= MAX_KEYS) return;
    const oldest = this.#known.keys().next();
    if (oldest.done !== true) this.#known.delete(oldest.value);
  }
}
