import { exportJWK } from 'jose';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KeySet } from '../../../shared/services/identity/key-set.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';
import { IssuerDocuments } from '../../support/identity/issuer-documents.ts';
import { trusting } from '../../support/identity/issuers.ts';
import { makeKey } from '../../support/identity/real-issuer.ts';

const ISSUER = 'https://issuer.example';
const DISCOVERY = `${ISSUER}/.well-known/openid-configuration`;
const KEYS = 'https://keys.example/jwks';
const HOUR = 3_600_000;

let jwk: Record<string, unknown>;
beforeAll(async () => {
  jwk = { ...(await exportJWK((await makeKey('a')).publicKey)) };
});

describe("an issuer's keys", () => {
  let clock: ManualClock;
  let documents: IssuerDocuments;

  const showing = (...ids: string[]): void => {
    documents.documents[KEYS] = { keys: ids.map((kid) => ({ ...jwk, kid })) };
  };
  const open = (fields: Record<string, unknown> = {}): KeySet =>
    new KeySet(trusting(ISSUER, fields), {
      source: documents,
      clock,
      isFit: (url) => url.startsWith('https://'),
    });
  const has = async (keys: KeySet, kid: string): Promise<boolean> => (await keys.holding(kid)) !== undefined;
  const fetches = (): number => documents.asked.filter((url) => url === KEYS).length;
  const isAway = { code: 'unavailable', status: 503 };

  beforeEach(() => {
    clock = new ManualClock();
    documents = new IssuerDocuments({ [DISCOVERY]: { issuer: ISSUER, jwks_uri: KEYS } });
    showing('a');
  });

  it('are fetched once for requests that come together', async () => {
    const keys = open();

    expect(await Promise.all(['a', 'a', 'b'].map((kid) => has(keys, kid)))).toEqual([true, true, false]);
    expect(fetches()).toBe(1);
  });

  it('need no discovery where their address is given', async () => {
    expect(await has(open({ jwks_uri: KEYS }), 'a')).toBe(true);
    expect(documents.asked).toEqual([KEYS]);
  });

  it('are fetched again for one that is not known, but not more often than the stage says', async () => {
    const keys = open({ refetch_s: 20 });
    await has(keys, 'a');
    showing('a', 'b');
    const atOnce = await has(keys, 'b');
    await clock.advance(20_000);
    const later = await has(keys, 'b');
    for (let tries = 0; tries < 50; tries += 1) await has(keys, 'c');

    expect([atOnce, later]).toEqual([false, true]);
    expect(fetches()).toBe(2);
  });

  it('that are shown no more are good no more, an hour later at most', async () => {
    const keys = open();
    await has(keys, 'a');
    showing('b');
    await clock.advance(HOUR + 1);

    expect(await has(keys, 'a')).toBe(false);
  });

  it('are looked at beside the work from ten minutes on', async () => {
    const keys = open();
    await has(keys, 'a');
    showing('b');
    await clock.advance(600_001);
    const beside = await has(keys, 'a');
    await new Promise(setImmediate);

    expect([beside, await has(keys, 'a')]).toEqual([true, false]);
  });

  it('serve for a day while the issuer is away, then no longer', async () => {
    const keys = open();
    await has(keys, 'a');
    documents.isAway = true;
    await clock.advance(23 * HOUR);
    const good = await has(keys, 'a');
    await clock.advance(2 * HOUR);

    expect(good).toBe(true);
    await expect(keys.holding('a')).rejects.toMatchObject(isAway);
  });

  it('are asked for at most once a second while there were never any', async () => {
    documents.isAway = true;
    const keys = open();
    const refusals = await Promise.allSettled([keys.holding('a'), keys.holding('a')]);
    await expect(keys.holding('a')).rejects.toMatchObject(isAway);
    const asked = documents.asked.length;
    documents.isAway = false;
    await clock.advance(1_000);

    expect(refusals.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(asked).toBe(1);
    expect(await has(keys, 'a')).toBe(true);
  });

  it.each([
    ['of another issuer', { issuer: 'https://evil.example', jwks_uri: KEYS }],
    ['with keys at an address that is not fit', { issuer: ISSUER, jwks_uri: 'http://keys.example/jwks' }],
    ['without an address', { issuer: ISSUER }],
    ['that is no object', 'keys'],
  ])('are not taken from a discovery document %s', async (_name, document) => {
    documents.documents[DISCOVERY] = document;
    documents.documents['http://keys.example/jwks'] = { keys: [{ ...jwk, kid: 'a' }] };

    await expect(open().holding('a')).rejects.toMatchObject(isAway);
  });

  it.each([
    ['secret', { kty: 'oct', k: 'c2VjcmV0', kid: 'a' }],
    ['private', { kty: 'RSA', n: 'AQAB', e: 'AQAB', d: 'AQAB', kid: 'a' }],
  ])('that are %s are nobody’s public keys', async (_name, key) => {
    documents.documents[KEYS] = { keys: [key] };

    await expect(open().holding('a')).rejects.toMatchObject(isAway);
  });

  it('beyond number are refused', async () => {
    showing(...Array.from({ length: 65 }, (_, index) => `k${index}`));

    await expect(open().holding('k1')).rejects.toMatchObject(isAway);
  });
});
