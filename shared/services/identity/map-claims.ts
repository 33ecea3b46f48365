/** From verified claims to a tenant, roles and scopes. What is not mapped gives nothing. */
import type { ClaimPath, TrustedIssuer } from '../../model/identity.ts';
import type { Role } from '../../model/tenant.ts';

type Claims = Readonly<Record<string, unknown>>;

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Claims)[name]
    : undefined;

/** A name that holds dots or slashes is a name all the same: only a leading slash makes a pointer. */
export const claimAt = (claims: Claims, path: ClaimPath): unknown =>
  path.startsWith('/')
    ? path
        .slice(1)
        .split('/')
        .reduce<unknown>(
          (value, segment) => memberOf(value, segment.replaceAll('~1', '/').replaceAll('~0', '~')),
          claims,
        )
    : memberOf(claims, path);

/** A list of words: an array of strings, or one string with blanks between (RFC 8693). */
const wordsOf = (value: unknown): string[] => {
  if (typeof value === 'string') return value.split(' ').filter((word) => word !== '');
  return Array.isArray(value) ? value.filter((word): word is string => typeof word === 'string') : [];
};

const TENANT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** Undefined where the token gives none, or one that no tenant can be called. */
export const tenantOf = (claims: Claims, { tenant }: TrustedIssuer): string | undefined => {
  const claimed = tenant.claim === undefined ? undefined : claimAt(claims, tenant.claim);
  if (claimed === undefined) return tenant.default;
  if (typeof claimed !== 'string') return undefined;
  if (tenant.map === undefined) return TENANT.test(claimed) ? claimed : undefined;
  return Object.hasOwn(tenant.map, claimed) ? tenant.map[claimed] : undefined;
};

export const rolesOf = (claims: Claims, { roles }: TrustedIssuer): Role[] => {
  const words = roles.claim === undefined ? [] : wordsOf(claimAt(claims, roles.claim));
  const given = words.flatMap((word) => (Object.hasOwn(roles.map, word) ? (roles.map[word] ?? []) : []));
  return given.length === 0 ? [...roles.default] : [...new Set(given)];
};

/** Undefined where the issuer does not narrow its tokens; a token without the claim may then do nothing. */
export const scopesOf = (claims: Claims, { scopes }: TrustedIssuer): string[] | undefined =>
  scopes === undefined ? undefined : [...new Set(wordsOf(claimAt(claims, scopes.claim)))];
