/**
 * A signed token (JWS compact, RFC 7515) taken apart before anything of it is believed. Fails closed: what a good issuer has no
 * need of is refused, above all keys and addresses of keys that the token brings itself.
 */
import { hasDuplicateMembers } from './duplicate-members.ts';

export interface UnverifiedToken {
  algorithm: string;
  keyId: string;
  claims: Record<string, unknown>;
}

const MAX_TOKEN = 8_192;
const MAX_KEY_ID = 256;
const BASE64URL = /^[A-Za-z0-9_-]+$/;
/** A thumbprint names a key and brings none. */
const KNOWN_HEADERS = new Set(['alg', 'kid', 'typ', 'cty', 'x5t', 'x5t#S256']);
const TYPES = new Set(['jwt', 'at+jwt', 'application/at+jwt', 'application/jwt']);

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const bytesOf = (part: string): Buffer | undefined => {
  if (!BASE64URL.test(part)) return undefined;
  const bytes = Buffer.from(part, 'base64url');
  // Loose last bits would give one signature many spellings.
  return bytes.toString('base64url') === part ? bytes : undefined;
};

const objectOf = (part: string): Record<string, unknown> | undefined => {
  const bytes = bytesOf(part);
  if (bytes === undefined) return undefined;
  try {
    const text = utf8.decode(bytes);
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject && !hasDuplicateMembers(text) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};

const isType = (typ: unknown): boolean =>
  typ === undefined || (typeof typ === 'string' && TYPES.has(typ.toLowerCase()));

/** Undefined where it is none that may be verified. */
export const readToken = (token: string): UnverifiedToken | undefined => {
  if (token.length > MAX_TOKEN) return undefined;
  const parts = token.split('.');
  const [head = '', body = '', signature = ''] = parts;
  if (parts.length !== 3 || bytesOf(signature) === undefined) return undefined;
  const header = objectOf(head);
  const claims = objectOf(body);
  if (header === undefined || claims === undefined) return undefined;
  const { alg: algorithm, kid: keyId, typ } = header;
  if (Object.keys(header).some((member) => !KNOWN_HEADERS.has(member)) || !isType(typ)) return undefined;
  if (typeof algorithm !== 'string' || typeof keyId !== 'string') return undefined;
  if (keyId === '' || keyId.length > MAX_KEY_ID) return undefined;
  return { algorithm, keyId, claims };
};
