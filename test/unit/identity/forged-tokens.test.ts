/** Every token here is refused by the route with 401 in the same words, whatever is wrong with it. */
import { createHmac, createPublicKey } from 'node:crypto';
import { exportJWK, exportSPKI, type JWK, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { IssuedTokens } from '../../../shared/services/identity/token-verifier.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';
import { IssuerDocuments } from '../../support/identity/issuer-documents.ts';
import { trusting } from '../../support/identity/issuers.ts';
import { AUDIENCE, makeKey, type SigningKey } from '../../support/identity/real-issuer.ts';

const ISSUER = 'https://issuer.example';
const KEYS = `${ISSUER}/keys`;

let key: SigningKey;
let strange: SigningKey;
let publicJwk: JWK;
let gateway: FakeGateway;
let documents: IssuerDocuments;
let now = 0;

beforeAll(async () => {
  [key, strange] = await Promise.all([makeKey('known'), makeKey('known')]);
  publicJwk = { ...(await exportJWK(key.publicKey)), kid: 'known', alg: 'RS256', use: 'sig' };
  documents = new IssuerDocuments({ [KEYS]: { keys: [publicJwk] } });
  gateway = new FakeGateway({ tokens: { verify: (token) => tokens.verify(token) } });
  const tokens = new IssuedTokens([trusting(ISSUER, { jwks_uri: KEYS })], {
    source: documents,
    clock: gateway.clock,
    isFit: () => true,
  });
  now = Math.floor(gateway.clock.now() / 1_000);
});

const claims = (fields: Record<string, unknown> = {}) => ({
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'somebody',
  iat: now,
  exp: now + 600,
  tenant_id: 'acme',
  groups: ['atp-callers'],
  ...fields,
});

const sign = (
  payload: Record<string, unknown> = claims(),
  header: Record<string, unknown> = {},
  by: SigningKey = key,
): Promise<string> =>
  new SignJWT(payload)
    .setProtectedHeader({ alg: 'RS256', kid: 'known', ...header } as never)
    .sign(by.privateKey, { crit: { exotic: true } } as never);

const part = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** Signed by the issuer's own key, over bytes that are written here. */
const signRaw = async (header: string, payload: string): Promise<string> => {
  const input = `${part(header)}.${part(payload)}`;
  const signed = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', key.privateKey, Buffer.from(input));
  return `${input}.${Buffer.from(signed).toString('base64url')}`;
};

const hmac = (input: string, secret: string | Buffer): string =>
  `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;

const confused = async (secret: 'pem' | 'der' | 'jwk'): Promise<string> => {
  const input = `${part({ alg: 'HS256', kid: 'known' })}.${part(claims())}`;
  if (secret === 'jwk') return hmac(input, JSON.stringify(publicJwk));
  const pem = await exportSPKI(key.publicKey);
  return hmac(input, secret === 'pem' ? pem : createPublicKey(pem).export({ type: 'spki', format: 'der' }));
};

const HEADER = '{"alg":"RS256","kid":"known"}';
const withoutEnd = (text: string): string => text.slice(0, -1);

const FORGERIES: Record<string, () => Promise<string> | string> = {
  'alg none': () => `${part({ alg: 'none', kid: 'known' })}.${part(claims())}.`,
  'alg none with a signature': () => `${part({ alg: 'none', kid: 'known' })}.${part(claims())}.AAAA`,
  'alg None in other letters': () => `${part({ alg: 'nOnE', kid: 'known' })}.${part(claims())}.AAAA`,
  'no alg': () => signRaw('{"kid":"known"}', JSON.stringify(claims())),
  'alg that is a list': () => signRaw('{"alg":["RS256"],"kid":"known"}', JSON.stringify(claims())),
  'alg that the stage does not permit': () =>
    sign(claims(), { alg: 'RS384' }).catch(() =>
      signRaw('{"alg":"RS384","kid":"known"}', JSON.stringify(claims())),
    ),
  'HS256 signed with the public key, PEM': () => confused('pem'),
  'HS256 signed with the public key, DER': () => confused('der'),
  'HS256 signed with the public key, JWK': () => confused('jwk'),
  "another one's signature": () => sign(claims(), {}, strange),
  'a kid that is not known': () => sign(claims(), { kid: 'unknown' }),
  'an empty kid': () => sign(claims(), { kid: '' }),
  'no kid': () => signRaw('{"alg":"RS256"}', JSON.stringify(claims())),
  'a kid that is a path': () => sign(claims(), { kid: '../../keys' }),
  'a kid beyond all measure': () => sign(claims(), { kid: 'k'.repeat(300) }),
  'another audience': () => sign(claims({ aud: 'https://other.example' })),
  'no audience': () => sign(claims({ aud: undefined })),
  'an empty list of audiences': () => sign(claims({ aud: [] })),
  'an audience in a list in a list': () => sign(claims({ aud: [[AUDIENCE]] })),
  'another issuer': () => sign(claims({ iss: 'https://evil.example' })),
  'an issuer with a slash more': () => sign(claims({ iss: `${ISSUER}/` })),
  'an issuer that is a list': () => sign(claims({ iss: [ISSUER] })),
  'no issuer': () => sign(claims({ iss: undefined })),
  expired: () => sign(claims({ iat: now - 700, exp: now - 61 })),
  'no end': () => sign(claims({ exp: undefined })),
  'an end in words': () => sign(claims({ exp: '9999999999' })),
  'no end that is a number': () =>
    signRaw(HEADER, JSON.stringify(claims()).replace(/"exp":\d+/, '"exp":1e999')),
  'not yet valid': () => sign(claims({ nbf: now + 120 })),
  'issued in the future': () => sign(claims({ iat: now + 120 })),
  'issued nobody knows when': () => sign(claims({ iat: undefined })),
  'issued too long ago': () => sign(claims({ iat: now - 90_000, exp: now + 600 })),
  'no subject': () => sign(claims({ sub: undefined })),
  'an empty subject': () => sign(claims({ sub: '' })),
  'a subject that is a list': () => sign(claims({ sub: ['somebody'] })),
  'a subject that is a number': () => sign(claims({ sub: 7 })),
  'a subject beyond all measure': () => sign(claims({ sub: 's'.repeat(256) })),
  oversized: () => sign(claims({ filler: 'x'.repeat(8_192) })),
  'a key that it brings itself': async () => {
    const jwk = await exportJWK(strange.publicKey);
    return sign(claims(), { jwk }, strange);
  },
  'the address of a key': () => sign(claims(), { jku: 'https://evil.example/keys' }),
  'the address of a certificate': () => sign(claims(), { x5u: 'https://evil.example/c' }),
  'a certificate that it brings itself': () => sign(claims(), { x5c: ['MIIB'] }),
  'a critical extension': () => sign(claims(), { crit: ['exotic'], exotic: 1 }),
  'an unencoded payload': () =>
    signRaw('{"alg":"RS256","kid":"known","b64":false,"crit":["b64"]}', JSON.stringify(claims())),
  'a compressed payload': () => sign(claims(), { zip: 'DEF' }),
  'a token for logging out': () => sign(claims(), { typ: 'logout+jwt' }),
  'a claim twice': () => signRaw(HEADER, JSON.stringify(claims()).replace('{', '{"tenant_id":"globex",')),
  'a claim twice, once in escapes': () =>
    signRaw(HEADER, JSON.stringify(claims()).replace('{', '{"tenant\\u005fid":"globex",')),
  'a claim twice, deep inside': () =>
    signRaw(HEADER, JSON.stringify(claims()).replace('{', '{"realm":{"roles":[],"roles":[]},')),
  'a header member twice': () =>
    signRaw('{"alg":"none","alg":"RS256","kid":"known"}', JSON.stringify(claims())),
  'claims that are a list': () => signRaw(HEADER, JSON.stringify([claims()])),
  'claims that are no JSON': () => signRaw(HEADER, withoutEnd(JSON.stringify(claims()))),
  'claims behind a byte order mark': () => signRaw(HEADER, `\ufeff${JSON.stringify(claims())}`),
  'claims nested without end': () => signRaw(HEADER, `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`),
  'bytes that are no UTF-8': async () => {
    const input = `${part(HEADER)}.${Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]).toString('base64url')}`;
    const signed = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', key.privateKey, Buffer.from(input));
    return `${input}.${Buffer.from(signed).toString('base64url')}`;
  },
  'no signature': async () => (await sign()).replace(/\.[^.]*$/, '.'),
  'two parts': async () => (await sign()).replace(/\.[^.]*$/, ''),
  'four parts': async () => `${await sign()}.AAAA`,
  'an encrypted one': () => `${part({ alg: 'RSA-OAEP', enc: 'A256GCM', kid: 'known' })}.AAAA.AAAA.AAAA.AAAA`,
  padding: async () => (await sign()).replace(/\./, '=.'),
  'letters of the other alphabet': async () => `${await sign()}+`,
  'loose last bits': async () => {
    const token = await sign();
    // 256 bytes end in two letters of eight bits: the last four of the second are nobody's.
    const last = token.at(-1) ?? '';
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    return withoutEnd(token) + alphabet[alphabet.indexOf(last) ^ 1];
  },
  'only dots': () => '..',
  'a claim changed after signing': async () => {
    const [head, , signature] = (await sign()).split('.');
    return `${head}.${part(claims({ groups: ['atp-operators'] }))}.${signature}`;
  },
};

describe('a forged or misused token', () => {
  it('is told from a good one', async () => {
    expect((await gateway.call('GET /v1/models', { key: await sign() })).status).toBe(200);
  });

  it.each(Object.keys(FORGERIES))('%s', async (name) => {
    const token = (await FORGERIES[name]?.()) ?? '';

    const { status, json, headers, text } = await gateway.call('GET /v1/models', { key: token });

    expect([status, json.detail]).toEqual([401, 'The token is not valid.']);
    expect(headers['www-authenticate']).toBe('Bearer realm="atp-router", error="invalid_token"');
    expect(text).not.toContain('example');
  });

  it('makes nobody ask an address but the issuer’s', () => {
    expect(new Set(documents.asked)).toEqual(new Set([KEYS]));
  });

  it('makes nobody ask the issuer again and again', () => {
    expect(documents.asked.length).toBe(1);
  });

  it('is written down nowhere', async () => {
    const token = await sign(claims({ sub: 'jane@example.com' }), {}, strange);
    await gateway.call('GET /v1/models', { key: token });

    expect(JSON.stringify([gateway.log.endings, gateway.log.failures])).not.toContain(token.slice(0, 40));
  });

  it('stays one where no issuer is trusted', async () => {
    const reply = await new FakeGateway().call('GET /v1/models', { key: await sign() });

    expect([reply.status, reply.json.detail]).toEqual([401, 'The API key is not valid.']);
  });

  it('is answered in the vendor’s form on the vendors’ routes', async () => {
    const { status, json } = await gateway.call('POST /v1/chat/completions', { key: 'a.b.c', body: {} });

    expect(status).toBe(401);
    expect(json.error).toBeDefined();
  });
});
