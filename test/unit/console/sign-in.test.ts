import { describe, expect, test } from 'vitest';
import { readSettings } from '../../../console/src/api/settings.ts';
import { explain, explainToken, SignInError, wouldAsk } from '../../../console/src/sign-in/faults.ts';

const SETTINGS = {
  issuer: 'https://login.example',
  client_id: 'console',
  scopes: ['openid'],
  connect: [],
  sign_out: 'issuer' as const,
  accepts: ['https://atp.example'],
};

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const tokenOf = (claims: object): string => `${encoded({ alg: 'RS256' })}.${encoded(claims)}.c2ln`;

describe("the stage's settings", () => {
  test('name an issuer, with defaults for what they leave out', () => {
    expect(readSettings({ api: '', sign_in: { issuer: SETTINGS.issuer, client_id: 'console' } })).toEqual({
      api: '',
      signIn: { ...SETTINGS, accepts: [] },
    });
  });

  test.each([
    {},
    null,
    { sign_in: {} },
    { sign_in: { issuer: 'nowhere', client_id: 'c' } },
    { sign_in: 'x' },
  ])('name none in %j', (parsed) => {
    expect(readSettings(parsed)).toEqual({ api: '' });
  });
});

describe('why somebody is not signed in', () => {
  const said = (fault: unknown) => explain(fault, SETTINGS);

  test.each([
    [{ error: 'access_denied', error_description: 'not in the group' }, /not let in: .*not in the group/],
    [{ error: 'invalid_grant' }, /too long/],
    [{ error: 'temporarily_unavailable' }, /just now/],
    [{ error: 'invalid_target', error_description: 'x' }, /identity file/],
    [{ error: 'something_new' }, /did not sign you in \(something_new\)/],
    [{ code: 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED' }, /clocks/],
    [{ code: 'OAUTH_RESPONSE_IS_NOT_CONFORM' }, /not answer as an OpenID issuer/],
    [
      Object.assign(new Error('unexpected nonce'), { code: 'OAUTH_INVALID_RESPONSE' }),
      /cannot be trusted.*unexpected nonce/,
    ],
    [new SignInError('as it is'), /^as it is$/],
  ])('is said for %j', (fault, expected) => {
    expect(said(fault)).toMatch(expected);
  });

  test('is never longer than a paragraph, whatever an issuer says of it', () => {
    expect(
      said({ error: 'access_denied', error_description: 'so it is '.repeat(10_000) }).length,
    ).toBeLessThan(400);
  });

  test('is no fault where an issuer would have had to ask', () => {
    expect([
      wouldAsk({ error: 'login_required' }),
      wouldAsk({ error: 'access_denied' }),
      wouldAsk(1),
    ]).toEqual([true, false, false]);
  });
});

describe('why the router refuses a token', () => {
  test.each([
    ['opaque', /only it can read/],
    ['a.b.c', /only it can read/],
    [
      tokenOf({ iss: SETTINGS.issuer, aud: 'other' }),
      /is for other, .*takes tokens for https:\/\/atp\.example/,
    ],
    [tokenOf({ iss: SETTINGS.issuer }), /is for nobody in particular/],
    [
      tokenOf({ iss: 'https://else.example', aud: ['x', 'https://atp.example'] }),
      /comes from https:\/\/else/,
    ],
    [tokenOf({ iss: SETTINGS.issuer, aud: 'https://atp.example' }), /signature/],
  ])('is guessed from %s', (token, expected) => {
    expect(explainToken(token, SETTINGS)).toMatch(expected);
  });
});
