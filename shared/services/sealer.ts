/**
 * Seals what is left in a queue or table for later: AES-256-GCM under a key of the stage, so that neither holds a word that can
 * be read, and nobody without the key can put anything there. Fails closed: without the key nothing is sealed.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import { AppError } from '../errors/app-error.ts';
import type { Random } from '../ports/runtime.ts';
import type { SecretStore } from '../ports/secret-store.ts';

/** What WebSockets leave behind. */
export const SOCKET_SECRET = 'socket-key';
/** Replies that are kept to be given again. */
export const REPLY_SECRET = 'reply-key';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const HASH_CHARACTERS = 22;

interface Keys {
  secret: string;
  sealing: KeyObject;
  hashing: KeyObject;
}

/** A key of its own for each use (RFC 5869). */
const derived = (secret: string, use: string): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', use, KEY_BYTES)));

export class Sealer {
  readonly #secrets: SecretStore;
  readonly #random: Random;
  readonly #secret: string;
  #keys: Keys | undefined;

  /** `secret` is the name of its key in the secret store. */
  constructor(deps: { secrets: SecretStore; random: Random; secret: string }) {
    this.#secrets = deps.secrets;
    this.#random = deps.random;
    this.#secret = deps.secret;
  }

  /** `place` is where it will lie: sealed for one place it does not open in another. Base64. */
  async seal(place: string, value: unknown): Promise<string> {
    const { sealing } = await this.#current();
    const iv = this.#random.bytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, sealing, iv).setAAD(Buffer.from(place));
    const text = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64');
  }

  /** Throws `internal` for what was not sealed here, or under another key. */
  async open<Value>(place: string, sealed: string): Promise<Value> {
    const { sealing } = await this.#current();
    const bytes = Buffer.from(sealed, 'base64');
    try {
      const decipher = createDecipheriv(CIPHER, sealing, bytes.subarray(0, IV_BYTES))
        .setAAD(Buffer.from(place))
        .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      const text = decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8');
      return JSON.parse(text + decipher.final('utf8')) as Value;
    } catch (cause) {
      throw new AppError('internal', 'What was kept cannot be opened.', { cause });
    }
  }

  /** A caller's own words, as a name that says nothing to whoever has no key. */
  async hash(text: string): Promise<string> {
    const { hashing } = await this.#current();
    return createHmac('sha256', hashing).update(text).digest('base64url').slice(0, HASH_CHARACTERS);
  }

  async #current(): Promise<Keys> {
    const secret = await this.#secrets.get(this.#secret);
    if (secret === undefined)
      throw new AppError('unavailable', `The secret ${this.#secret} is missing from the secret store.`);
    if (this.#keys?.secret !== secret) {
      this.#keys = { secret, sealing: derived(secret, 'seal'), hashing: derived(secret, 'hash') };
    }
    return this.#keys;
  }
}
