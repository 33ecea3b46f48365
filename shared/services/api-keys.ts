/**
 * API keys `atp_<env>_<id>_<secret>`: 256 random bits and a checksum, so that a malformed or mistyped key is
 * refused without a look-up and secret scanners can find one. Only the HMAC of the secret is ever stored.
 */
import { createHmac, createSecretKey, hash, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { Random } from '../ports/runtime.ts';

export interface ApiKeyParts {
  env: string;
  id: string;
  secret: string;
}

/** The id of the stage's bootstrap key: its secret lives in the secret store, not in the key table. */
export const BOOTSTRAP_KEY_ID = 'admin';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const SHAPE = /^atp_([a-z0-9-]{1,32})_([0-9a-z]{4,32})_([0-9A-Za-z]{20,128})$/;
const CHECKSUM_LENGTH = 6;

const base32 = (bytes: Uint8Array): string => {
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(buffer >>> bits) & 31];
    }
    buffer &= (1 << bits) - 1;
  }
  return bits > 0 ? text + ALPHABET[(buffer << (5 - bits)) & 31] : text;
};

const checksum = (env: string, id: string, random: string): string =>
  base32(hash('sha256', `${env}_${id}_${random}`, 'buffer').subarray(0, 4)).slice(0, CHECKSUM_LENGTH);

export const makeApiKey = (options: {
  env: string;
  random: Random;
}): { id: string; key: string; secret: string } => {
  const id = base32(options.random.bytes(10));
  const random = base32(options.random.bytes(32));
  const secret = random + checksum(options.env, id, random);
  return { id, key: `atp_${options.env}_${id}_${secret}`, secret };
};

/** What has a key's form, whether or not its checksum is right. */
export const splitApiKey = (text: string): ApiKeyParts | undefined => {
  const match = SHAPE.exec(text);
  if (match === null) return undefined;
  const [, env = '', id = '', secret = ''] = match;
  return { env, id, secret };
};

/** Whether the checksum is right; the bootstrap key has none. */
export const isIntact = ({ env, id, secret }: ApiKeyParts): boolean =>
  id === BOOTSTRAP_KEY_ID ||
  checksum(env, id, secret.slice(0, -CHECKSUM_LENGTH)) === secret.slice(-CHECKSUM_LENGTH);

/** Undefined where the text is no key of ours. */
export const parseApiKey = (text: string): ApiKeyParts | undefined => {
  const parts = splitApiKey(text);
  return parts !== undefined && isIntact(parts) ? parts : undefined;
};

export const hashSecret = (secret: string, pepper: string | KeyObject): string =>
  createHmac('sha256', pepper).update(secret).digest('hex');

/** A pepper as a key that is made once: making it costs more than the HMAC. */
export const pepperKey = (pepper: string): KeyObject => createSecretKey(pepper, 'utf8');

/** Compares two digests in hex in time that does not depend on what they are. */
export const sameDigest = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1'));

/** Compares in time that depends on neither text. */
export const sameSecret = (a: string, b: string): boolean => {
  const digest = (text: string): Buffer => hash('sha256', text, 'buffer');
  return timingSafeEqual(digest(a), digest(b));
};
