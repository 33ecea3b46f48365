/**
 * AWS Signature Version 4 for requests whose body is in memory, after AWS's "Create a signed AWS API request". The signing
 * key is derived once a day and credential, as it costs four of a signature's five HMACs.
 */
import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';

export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
}

export interface UnsignedRequest {
  method: string;
  /** Path as it is sent, escaped, without a query. */
  path: string;
  /** Lower-case names; `host` among them. All are signed. */
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';

const sha256 = (data: string | Uint8Array): string => hash('sha256', data, 'hex');

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** As RFC 3986 has it: encodeURIComponent leaves five characters more alone. */
export const escapeSegment = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** Every service but S3 signs the path escaped once more than it is sent. */
const canonicalPath = (path: string): string => path.split('/').map(escapeSegment).join('/');

export class Signer {
  readonly #service: string;
  readonly #region: string;
  #key: { day: string; secret: string; key: KeyObject } | undefined;

  constructor(service: string, region: string) {
    this.#service = service;
    this.#region = region;
  }

  /** The headers to send: the given ones with date, token and signature. `nowMs` is milliseconds since the epoch. */
  sign(request: UnsignedRequest, credentials: AwsCredentials, nowMs: number): Record<string, string> {
    const date = new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, '');
    const day = date.slice(0, 8);
    const headers: Record<string, string> = { ...request.headers, 'x-amz-date': date };
    if (credentials.sessionToken !== undefined) headers['x-amz-security-token'] = credentials.sessionToken;
    const names = Object.keys(headers).sort();
    const signed = names.join(';');
    const lines = names.map((name) => `${name}:${headers[name]?.trim().replace(/ +/g, ' ')}\n`).join('');
    const canonical = `${request.method}\n${canonicalPath(request.path)}\n\n${lines}\n${signed}\n${sha256(request.body)}`;
    const scope = `${day}/${this.#region}/${this.#service}/aws4_request`;
    const signature = createHmac('sha256', this.#signingKey(day, credentials.secretAccessKey))
      .update(`${ALGORITHM}\n${date}\n${scope}\n${sha256(canonical)}`)
      .digest('hex');
    headers.authorization = `${ALGORITHM} Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`;
    return headers;
  }

  #signingKey(day: string, secret: string): KeyObject {
    if (this.#key?.day === day && this.#key.secret === secret) return this.#key.key;
    const dated = hmac(`AWS4${secret}`, day);
    const bytes = hmac(hmac(hmac(dated, this.#region), this.#service), 'aws4_request');
    const key = createSecretKey(bytes);
    this.#key = { day, secret, key };
    return key;
  }
}
