/** Tokens of trusted issuers. Fails closed: whatever is not good in every respect is refused, in the same words. */
import { jwtVerify } from 'jose';
import { AppError } from '../../errors/app-error.ts';
import { credentialRefused } from '../../errors/unauthenticated.ts';
import type { TokenAlgorithm, TrustedIssuer } from '../../model/identity.ts';
import type { TokenIdentity, TokenVerifier } from '../../ports/token-verifier.ts';
import { KeySet, type KeySetDeps } from './key-set.ts';
import { rolesOf, scopesOf, tenantOf } from './map-claims.ts';
import { readToken } from './read-token.ts';

const MAX_SUBJECT = 255;
const refused = (): AppError => credentialRefused('The token is not valid.');

interface Trusted {
  issuer: TrustedIssuer;
  keys: KeySet;
}

const isSubject = (sub: unknown): sub is string =>
  typeof sub === 'string' && sub !== '' && sub.length <= MAX_SUBJECT && sub.isWellFormed();

export class IssuedTokens implements TokenVerifier {
  readonly #trusted: ReadonlyMap<string, Trusted>;
  readonly #now: () => number;

  constructor(issuers: readonly TrustedIssuer[], deps: KeySetDeps) {
    this.#trusted = new Map(
      issuers.map((issuer) => [issuer.issuer, { issuer, keys: new KeySet(issuer, deps) }]),
    );
    this.#now = () => deps.clock.now();
  }

  async verify(token: string): Promise<TokenIdentity> {
    const unverified = readToken(token);
    if (unverified === undefined) throw refused();
    const { iss } = unverified.claims;
    const trusted = typeof iss === 'string' ? this.#trusted.get(iss) : undefined;
    if (trusted === undefined) throw refused();
    const { issuer, keys } = trusted;
    // Before the keys are looked for: a token's algorithm is no reason to ask the issuer.
    if (!issuer.algorithms.includes(unverified.algorithm as TokenAlgorithm)) throw refused();
    const resolve = await keys.holding(unverified.keyId);
    if (resolve === undefined) throw refused();
    const claims = await this.#claims(token, issuer, resolve);
    const { sub, exp = Number.NaN, iat = Number.NaN } = claims;
    // JSON can write numbers that are infinite when they are read.
    if (!isSubject(sub) || !Number.isFinite(exp) || !Number.isFinite(iat)) throw refused();
    return this.#identity({ ...claims, sub }, issuer, Math.min(exp, iat + issuer.max_age_s));
  }

  async #claims(token: string, issuer: TrustedIssuer, resolve: Parameters<typeof jwtVerify>[1]) {
    try {
      const { payload } = await jwtVerify(token, resolve as never, {
        algorithms: issuer.algorithms,
        issuer: issuer.issuer,
        audience: issuer.audience,
        clockTolerance: issuer.clock_skew_s,
        currentDate: new Date(this.#now()),
        maxTokenAge: issuer.max_age_s,
        requiredClaims: ['sub', 'exp'],
      });
      return payload;
    } catch {
      // Whatever it was, the token is at fault: the keys are here.
      throw refused();
    }
  }

  #identity(
    claims: Record<string, unknown> & { sub: string },
    issuer: TrustedIssuer,
    endS: number,
  ): TokenIdentity {
    const tenantId = tenantOf(claims, issuer);
    if (tenantId === undefined) throw new AppError('forbidden', 'The token names no tenant of this stage.');
    const scopes = scopesOf(claims, issuer);
    return {
      issuer: issuer.issuer,
      subject: claims.sub,
      tenantId,
      roles: rolesOf(claims, issuer),
      ...(scopes === undefined ? {} : { scopes }),
      expiresAtMs: (endS + issuer.clock_skew_s) * 1_000,
    };
  }
}
