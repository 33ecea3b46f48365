/**
 * Seals what is left in a queue or table for later: AES-256-GCM under a key of the stage, so that neither holds a word that can
 * be read, and nobody without the key can put anything there. What is sealed names its key's version, so that it opens after
 * the key was rotated. Fails closed: without the key nothing is sealed.
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
import type { KeyRing } from './secrets/key-ring.ts';
import { RingReader } from './secrets/ring-reader.ts';

/** What WebSockets leave behind. */
export const SOCKET_SECRET = 'socket-key';
/** Replies that are kept to be given again. */
export const REPLY_SECRET = 'reply-key';

const CIPHER = 'aes-256-gcm';
const VERSION_BYTES = 4;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const HASH_CHARACTERS = 22;

/** Of one reading of the ring. */
interface Keys {
  ring: KeyRing;
  sealing: Map<string, KeyObject>;
  hashing: KeyObject;
}

/** A key of its own for each use (RFC 5869). */
const derived = (secret: string, use: string): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', use, KEY_BYTES)));

const versionBytes = (version: string): Buffer => {
  const bytes = Buffer.alloc(VERSION_BYTES);
  bytes.writeUInt32BE(Number(version));
  return bytes;
};

export class Sealer {
  readonly #reader: RingReader;
  readonly #random: Random;
  #keys: Keys | undefined;

  /** `secret` is the name of its key in the secret store. */
  constructor(deps: { secrets: SecretStore; random: Random; secret: string }) {
    this.#reader = new RingReader(deps.secrets, deps.secret);
    this.#random = deps.random;
  }

  /** `place` is where it will lie: sealed for one place it does not open in another. Base64. */
  async seal(place: string, value: unknown): Promise<string> {
    const { ring, sealing } = this.#keysOf(await this.#reader.ring());
    const iv = this.#random.bytes(IV_BYTES);
    const key = sealing.get(ring.current.version) as KeyObject;
    const cipher = createCipheriv(CIPHER, key, iv).setAAD(Buffer.from(place));
    const text = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
    const version = versionBytes(ring.current.version);
    return Buffer.concat([version, iv, cipher.getAuthTag(), text]).toString('base64');
  }

  /** Throws `internal` for what was not sealed here, or under a key that is gone. */
  async open<Value>(place: string, sealed: string): Promise<Value> {
    const bytes = Buffer.from(sealed, 'base64');
    await this.#reader.ring();
    try {
      const version = String(bytes.readUInt32BE());
      const key = this.#keysOf(await this.#reader.ringWith(version)).sealing.get(version);
      if (key === undefined) throw new Error('its key is gone');
      const [iv, tag] = [VERSION_BYTES, VERSION_BYTES + IV_BYTES];
      const decipher = createDecipheriv(CIPHER, key, bytes.subarray(iv, tag))
        .setAAD(Buffer.from(place))
        .setAuthTag(bytes.subarray(tag, tag + TAG_BYTES));
      const text = decipher.update(bytes.subarray(tag + TAG_BYTES), undefined, 'utf8');
      return JSON.parse(text + decipher.final('utf8')) as Value;
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      throw new AppError('internal', 'What was kept cannot be opened.', { cause });
    }
  }

  /**
   * A caller's own words, as a name that says nothing to whoever has no key. It stays the same over rotations: a request
   * that came under another name would be done twice.
   */
  async hash(text: string): Promise<string> {
    const { hashing } = this.#keysOf(await this.#reader.ring());
    return createHmac('sha256', hashing).update(text).digest('base64url').slice(0, HASH_CHARACTERS);
  }

  #keysOf(ring: KeyRing): Keys {
    if (this.#keys?.ring !== ring) {
      const versions = [ring.current, ...ring.former];
      this.#keys = {
        ring,
        sealing: new Map(versions.map(({ version, secret }) => [version, derived(secret, 'seal')])),
        hashing: derived(ring.root, 'hash'),
      };
    }
    return this.#keys;
  }
}
