/** Signatures are those of the SDK's own signer, whatever is signed and whenever. */
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AwsCredentials, escapeSegment, Signer } from '../../../shared/adapters/aws/sigv4.ts';
import { anyCharacter } from '../../support/any-character.ts';

type Bytes = ArrayBuffer | ArrayBufferView;

/** SHA-256, or HMAC with it where there is a secret, as the SDK's signer wants it. */
class Sha256 {
  readonly #state: Hash | Hmac;

  constructor(secret?: string | Bytes) {
    this.#state = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }

  update(data: string | Bytes): void {
    this.#state.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#state.digest();
  }

  reset(): void {
    throw new Error('is not used');
  }
}

const bytesOf = (data: string | Bytes): Uint8Array => {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
};

interface Signing {
  path: string;
  headers: Record<string, string>;
  body: string;
  credentials: AwsCredentials;
  atMs: number;
}

const SERVICE = 'lambda';
const REGION = 'eu-central-1';

const expected = async ({ path, headers, body, credentials, atMs }: Signing): Promise<object> => {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const signer = new SignatureV4({
    service: SERVICE,
    region: REGION,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    sha256: Sha256,
    applyChecksum: false,
  });
  const request = { method: 'POST', protocol: 'https:', hostname: 'h', path, headers, body };
  return (await signer.sign(request, { signingDate: new Date(atMs) })).headers;
};

const text = (maxLength: number) => fc.string({ unit: anyCharacter, maxLength });
const visible = (minLength: number) => fc.string({ unit: 'grapheme-ascii', minLength, maxLength: 40 });
const name = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,12}$/).map((end) => `x-test-${end}`);
/** The SDK's signer leaves out empty segments and dots, which no path here has. */
const segment = text(12).filter((part) => !['', '.', '..'].includes(part));
const path = fc.array(segment, { maxLength: 4 }).map((parts) => `/${parts.map(escapeSegment).join('/')}`);
const headers = fc.dictionary(name, visible(0), { maxKeys: 6, noNullPrototype: true }).map((some) => ({
  ...some,
  host: 'lambda.eu-central-1.amazonaws.com',
  'content-type': 'application/json',
}));
const credentials = fc.record(
  {
    accessKeyId: fc.stringMatching(/^[A-Z0-9]{16,20}$/),
    secretAccessKey: visible(1),
    sessionToken: visible(1),
  },
  { requiredKeys: ['accessKeyId', 'secretAccessKey'], noNullPrototype: true },
);
const DAY_MS = 86_400_000;
const MIDNIGHT = Date.parse('2026-03-01T00:00:00Z');
/** Any time, and often one beside a midnight, at which the day's key changes. */
const atMs = fc.oneof(
  fc.integer({ min: 0, max: Date.parse('2100-01-01T00:00:00Z') }),
  fc
    .tuple(fc.integer({ min: -2, max: 2 }), fc.integer({ min: -2_000, max: 2_000 }))
    .map(([days, ms]) => MIDNIGHT + days * DAY_MS + ms),
);
const signing = fc.record<Signing>({ path, headers, body: text(200), credentials, atMs });

const signedBy = (signer: Signer, { path, headers, body, credentials, atMs }: Signing) =>
  signer.sign({ method: 'POST', path, headers, body }, credentials, atMs);

describe('a signature', () => {
  it('is the same as the SDK’s', async () => {
    await fc.assert(
      fc.asyncProperty(signing, async (one) => {
        expect(signedBy(new Signer(SERVICE, REGION), one)).toEqual(await expected(one));
      }),
      { numRuns: 1_000 },
    );
  });

  it('does not depend on what the same signer signed before', async () => {
    const own = fc.array(credentials, { minLength: 1, maxLength: 2 });
    await fc.assert(
      fc.asyncProperty(own, fc.array(signing, { minLength: 2, maxLength: 8 }), async (few, many) => {
        const signer = new Signer(SERVICE, REGION);
        for (const [index, one] of many.entries()) {
          const next = { ...one, credentials: few[index % few.length] ?? one.credentials };
          expect(signedBy(signer, next)).toEqual(await expected(next));
        }
      }),
      { numRuns: 200 },
    );
  });
});
