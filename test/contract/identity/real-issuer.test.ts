/** A caller with a token of a real OpenID provider, through discovery and published keys, to the routes. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HttpJsonSource } from '../../../shared/adapters/http/json-source.ts';
import { IssuedTokens } from '../../../shared/services/identity/token-verifier.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';
import { trusting } from '../../support/identity/issuers.ts';
import { makeKey, RealIssuer, type SigningKey } from '../../support/identity/real-issuer.ts';

const isFit = (url: string): boolean => url.startsWith('http://127.0.0.1:');
const source = new HttpJsonSource({ isFit });
const issuer = new RealIssuer();
let firstKey: SigningKey;

beforeAll(async () => {
  firstKey = await makeKey('first');
  await issuer.listen(firstKey);
});
afterAll(async () => {
  issuer.close();
  await source.close();
});

describe('tokens of a real issuer', () => {
  let gateway: FakeGateway;

  const open = (fields: Record<string, unknown> = {}): FakeGateway => {
    const made: FakeGateway = new FakeGateway({
      tokens: { verify: (token) => tokens.verify(token) },
    });
    const tokens = new IssuedTokens([trusting(issuer.url, fields)], { source, clock: made.clock, isFit });
    return made;
  };

  const now = async (): Promise<void> => gateway.clock.advance(Date.now() - gateway.clock.now());

  beforeEach(async () => {
    issuer.signWith(firstKey);
    issuer.claims = { tenant_id: 'acme', groups: ['atp-callers'] };
    gateway = open();
    await now();
  });

  const models = async (token: string, made = gateway) => made.call('GET /v1/models', { key: token });

  it('let their holder call as the mapped role and tenant', async () => {
    await gateway.withModel('small');

    const reply = await gateway.call('POST /v1/ask', {
      key: await issuer.token(),
      body: { prompt: 'hello' },
    });

    expect(reply.status).toBe(200);
    expect((await gateway.asAdmin('GET /admin/observations')).text).toContain('"tenant_id":"acme"');
  });

  it('tell nothing of their subject where something is written down', async () => {
    await models(await issuer.token());

    const written = JSON.stringify(gateway.log.endings);
    expect(written).toMatch(/"key_id":"oidc-[0-9a-f]{24}"/);
    expect(written).not.toContain('a-program');
  });

  it('permit no more than the role', async () => {
    const token = await issuer.token();

    const replies = await Promise.all([
      gateway.call('GET /admin/adapters', { key: token }),
      gateway.call('GET /v1/models', { key: token, headers: { 'x-tenant-id': 'globex' } }),
    ]);

    expect(replies.map(({ status }) => status)).toEqual([403, 403]);
  });

  it('make an operator only of who is mapped to one', async () => {
    issuer.claims = { tenant_id: 'acme', groups: ['atp-operators'] };

    const reply = await gateway.call('GET /admin/adapters', { key: await issuer.token() });

    expect(reply.status).toBe(200);
  });

  it.each([
    ['no tenant', { groups: ['atp-callers'] }],
    ['a tenant that cannot be', { tenant_id: '../x', groups: ['atp-callers'] }],
    ['a tenant that is a telephone number', { tenant_id: '555-867-5309', groups: ['atp-callers'] }],
    ['no role', { tenant_id: 'acme', groups: ['others', 'constructor', '__proto__'] }],
  ])('with %s are good for nothing', async (_name, claims) => {
    issuer.claims = claims;

    expect((await models(await issuer.token())).status).toBe(403);
  });

  it('are narrowed to their scopes where the stage goes by them', async () => {
    gateway = open({ scopes: { claim: 'scope' } });
    await now();
    await gateway.withModel('small');
    const token = await issuer.token('plan');

    const body = { prompt: 'hello' };
    const plan = await gateway.call('POST /v1/plan', { key: token, body });
    const ask = await gateway.call('POST /v1/ask', { key: token, body });

    expect([plan.status, ask.status]).toEqual([200, 403]);
    expect(ask.headers['www-authenticate']).toContain('error="insufficient_scope", scope="ask"');
  });

  it('are good when the issuer signs with a new key, and those of the old one no more', async () => {
    const old = await issuer.token();
    await models(old);
    issuer.signWith(await makeKey('second', 'RS256'));
    const token = await issuer.token();
    const tooEarly = await models(token);
    await gateway.clock.advance(30_000);

    const rotated = await models(token);
    const outdated = await models(old);

    expect([tooEarly.status, rotated.status, outdated.status]).toEqual([401, 200, 401]);
  });

  it('are good while the issuer is away, once its keys are known', async () => {
    const token = await issuer.token();
    await models(token);
    issuer.goAway();

    expect((await models(token)).status).toBe(200);
    expect((await models(token, open())).status).toBe(503);
  });

  it('end at their end and a minute', async () => {
    const token = await issuer.token();
    await models(token);
    await gateway.clock.advance(655_000);
    const last = await models(token);
    await gateway.clock.advance(10_000);
    const late = await models(token);

    expect([last.status, late.status]).toEqual([200, 401]);
    expect(late.headers['www-authenticate']).toBe('Bearer realm="atp-router", error="invalid_token"');
  });

  it('of another issuer are refused without a look at it', async () => {
    const other = new RealIssuer();
    await other.listen(await makeKey('first'));
    const token = await other.token();
    const seen = other.requests.length;

    const reply = await models(token);
    other.close();

    expect([reply.status, other.requests.length - seen]).toEqual([401, 0]);
  });

  it('of ECDSA and Edwards curves are good too', async () => {
    const statuses: number[] = [];
    for (const alg of ['ES256', 'EdDSA']) {
      issuer.signWith(await makeKey(`of ${alg}`, alg));
      gateway = open();
      await now();
      statuses.push((await models(await issuer.token())).status);
    }

    expect(statuses).toEqual([200, 200]);
  });
});
