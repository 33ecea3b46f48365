/** Reads a secret's ring, and parses it once for each value. A version that it does not know yet makes it read anew. */
import { AppError } from '../../errors/app-error.ts';
import type { SecretStore } from '../../ports/secret-store.ts';
import { type KeyRing, parseRing } from './key-ring.ts';

/** Without `refresh` a version that is not known yet stays unknown until the copy is renewed. */
export type RingSource = Pick<SecretStore, 'get'> & Partial<Pick<SecretStore, 'refresh'>>;

export class RingReader {
  readonly #secrets: RingSource;
  readonly #name: string;
  #known: { text: string; ring: KeyRing } | undefined;

  constructor(secrets: RingSource, name: string) {
    this.#secrets = secrets;
    this.#name = name;
  }

  /** Undefined where there is no such secret. */
  async find(): Promise<KeyRing | undefined> {
    return this.#parsed(await this.#secrets.get(this.#name));
  }

  /** Throws `unavailable` where there is no such secret. */
  async ring(): Promise<KeyRing> {
    return this.#required(await this.find());
  }

  /** With the version in it, if there is one: another instance may have learnt of a rotation earlier. */
  async ringWith(version: string): Promise<KeyRing> {
    const ring = await this.ring();
    if (isKnown(ring, version)) return ring;
    const text = (await this.#secrets.refresh?.(this.#name)) ?? (await this.#secrets.get(this.#name));
    return this.#required(this.#parsed(text));
  }

  #required(ring: KeyRing | undefined): KeyRing {
    if (ring !== undefined) return ring;
    throw new AppError('unavailable', `The secret ${this.#name} is missing from the secret store.`);
  }

  #parsed(text: string | undefined): KeyRing | undefined {
    if (text === undefined) return undefined;
    if (this.#known?.text !== text) this.#known = { text, ring: parseRing(text) };
    return this.#known.ring;
  }
}

const isKnown = ({ current, former }: KeyRing, version: string): boolean =>
  current.version === version || former.some((one) => one.version === version);
