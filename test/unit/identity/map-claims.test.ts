import { describe, expect, it } from 'vitest';
import { rolesOf, scopesOf, tenantOf } from '../../../shared/services/identity/map-claims.ts';
import { trusting } from '../../support/identity/issuers.ts';

const with_ = (fields: Record<string, unknown>) => trusting('https://issuer.example', fields);

describe('the tenant of a token', () => {
  it.each([
    ['a claim', { claim: 't' }, { t: 'acme' }, 'acme'],
    ['a name with dots and slashes', { claim: 'https://x.y/t' }, { 'https://x.y/t': 'acme' }, 'acme'],
    ['a place deep inside', { claim: '/org/id~1x' }, { org: { 'id/x': 'acme' } }, 'acme'],
    ['a map', { claim: 't', map: { 'org-1': 'acme' } }, { t: 'org-1' }, 'acme'],
    ['a map that does not name it', { claim: 't', map: { 'org-1': 'acme' } }, { t: 'acme' }, undefined],
    ['a map and a name of every object', { claim: 't', map: { a: 'acme' } }, { t: 'constructor' }, undefined],
    ['the default', { default: 'acme' }, {}, 'acme'],
    ['the default where the claim is missing', { claim: 't', default: 'acme' }, {}, 'acme'],
    ['no default where the claim is bad', { claim: 't', default: 'acme' }, { t: ['globex'] }, undefined],
    ['an inherited name', { claim: 'constructor' }, {}, undefined],
    ['an impossible name', { claim: 't' }, { t: '../etc' }, undefined],
    ['an empty name', { claim: 't' }, { t: '' }, undefined],
  ])('by %s', (_name, tenant, claims, expected) => {
    expect(tenantOf(claims, with_({ tenant }))).toBe(expected);
  });
});

describe('the roles of a token', () => {
  const roles = { claim: '/realm_access/roles', map: { dev: 'developer', ops: 'operator' } };

  it.each([
    ['a list', { realm_access: { roles: ['dev', 'other', 'dev', 7] } }, ['developer']],
    ['words', { realm_access: { roles: 'ops dev' } }, ['operator', 'developer']],
    ['names of our own that are not mapped', { realm_access: { roles: ['operator'] } }, []],
    ['something else', { realm_access: { roles: { ops: true } } }, []],
  ])('from %s', (_name, claims, expected) => {
    expect(rolesOf(claims, with_({ roles }))).toEqual(expected);
  });

  it('are the default where the claim gives none', () => {
    expect(rolesOf({}, with_({ roles: { default: ['caller'] } }))).toEqual(['caller']);
  });
});

describe('the scopes of a token', () => {
  it('are all where the issuer does not narrow, and none where it does and the token names none', () => {
    const narrowing = with_({ scopes: { claim: 'scope' } });

    expect([
      scopesOf({ scope: 'ask' }, with_({})),
      scopesOf({ scope: 'ask plan ask' }, narrowing),
      scopesOf({}, narrowing),
    ]).toEqual([undefined, ['ask', 'plan'], []]);
  });
});
