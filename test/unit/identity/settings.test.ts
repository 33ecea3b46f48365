import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { identityEnv } from '../../../shared/config/identity.ts';
import { readIdentity } from '../../../shared/config/identity-file.ts';

const ISSUER = {
  issuer: 'https://issuer.example',
  audience: 'atp',
  tenant: { claim: 'tenant' },
  roles: { claim: 'roles', map: { callers: 'caller' } },
};
const DOMAIN = {
  name: 'api.acme.example',
  certificate_arn: 'arn:aws:acm:eu-central-1:123456789012:certificate/1',
  truststore: { bucket: 'acme-trust', key: 'ca.pem', version: 'v1' },
};
const CERTIFICATE = { subject: 'CN=billing,O=Acme', tenant_id: 'acme', roles: ['caller'] };

const read = (file: unknown, allowLoopback = false) => readIdentity(JSON.stringify(file), allowLoopback);
const parsed = (variables: Record<string, unknown>) => z.object(identityEnv).parse(variables);

describe('the identity file', () => {
  it('becomes variables that the functions read', () => {
    const { variables, domain } = read({ issuers: [ISSUER], certificates: [CERTIFICATE], domain: DOMAIN });

    expect(domain).toEqual(DOMAIN);
    expect(parsed(variables)).toEqual({
      OIDC_ISSUERS: [
        {
          ...ISSUER,
          audience: ['atp'],
          algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
          clock_skew_s: 60,
          max_age_s: 86_400,
          refetch_s: 30,
          roles: { ...ISSUER.roles, default: [] },
        },
      ],
      CLIENT_CERTIFICATES: [CERTIFICATE],
    });
  });

  it('allows this machine only where the stage does', () => {
    const file = { issuers: [{ ...ISSUER, issuer: 'http://127.0.0.1:9000' }] };

    expect(read(file, true).variables.OIDC_ALLOW_LOOPBACK).toBe('true');
    expect(() => read(file)).toThrow('/issuers/0/issuer must be an https URL');
  });

  it('tells the pages how to sign in, and the functions nothing of it', () => {
    const { console, variables } = read({
      issuers: [ISSUER],
      console: { issuer: ISSUER.issuer, client_id: 'pages' },
    });

    expect(console).toEqual({
      issuer: ISSUER.issuer,
      client_id: 'pages',
      scopes: ['openid'],
      connect: [],
      sign_out: 'issuer',
      accepts: ['atp'],
    });
    expect(JSON.stringify(variables)).not.toContain('pages');
  });

  it.each([
    ['of an issuer that is not trusted', { issuer: 'https://else.example' }, '/console/issuer is none of'],
    ['without openid', { scopes: ['email'] }, '/console/scopes must hold openid'],
    ['with two scopes in one', { scopes: ['openid', 'a b'] }, '/console/scopes/1 must be a scope'],
    ['with a path for an origin', { connect: ['https://x.example/token'] }, '/console/connect/0 must be an'],
    ['with a client secret', { client_secret: 's' }, /Unrecognized key/],
  ])('refuses a way in %s', (_name, fields, message) => {
    const console = { issuer: ISSUER.issuer, client_id: 'pages', ...fields };
    expect(() => read({ issuers: [ISSUER], console })).toThrow(message);
  });

  it('refuses a way in where there is no console', () => {
    const console = { issuer: ISSUER.issuer, client_id: 'pages' };
    expect(() => read({ issuers: [ISSUER], domain: DOMAIN, console })).toThrow('/console is of no use');
  });

  it.each([
    ['an unknown field', { issuer: [] }, /Unrecognized key/],
    ['a symmetric algorithm', { issuers: [{ ...ISSUER, algorithms: ['HS256'] }] }, '/issuers/0/algorithms/0'],
    ['no algorithm at all', { issuers: [{ ...ISSUER, algorithms: [] }] }, '/issuers/0/algorithms'],
    ['an issuer twice', { issuers: [ISSUER, ISSUER] }, 'names an issuer twice'],
    ['no tenant', { issuers: [{ ...ISSUER, tenant: {} }] }, '/issuers/0/tenant needs a claim or a default'],
    [
      'a role that there is not',
      { issuers: [{ ...ISSUER, roles: { claim: 'r', map: { a: 'root' } } }] },
      '/roles/map/a',
    ],
    ['too much skew', { issuers: [{ ...ISSUER, clock_skew_s: 301 }] }, '/issuers/0/clock_skew_s'],
    ['certificates that nobody asks for', { certificates: [CERTIFICATE] }, '/certificates are of use only'],
    [
      'more than a function’s variables hold',
      {
        issuers: Array.from({ length: 8 }, (_, index) => ({
          ...ISSUER,
          issuer: `https://${index}.${'i'.repeat(200)}.example`,
        })),
      },
      '/OIDC_ISSUERS must be at most 2048 characters',
    ],
  ])('with %s is refused by the name of the field', (_name, file, message) => {
    expect(() => read(file)).toThrow(message);
  });

  it('that is no JSON is refused', () => {
    expect(() => readIdentity('{', false)).toThrow('it is not JSON');
  });
});
