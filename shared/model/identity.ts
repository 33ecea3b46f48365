/** Who may vouch for a caller besides an API key: token issuers, and certificates of a trusted authority. */
import type { Role } from './tenant.ts';

export const TOKEN_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;
export type TokenAlgorithm = (typeof TOKEN_ALGORITHMS)[number];

/** A claim's name, or a JSON pointer into the claims where it begins with `/`. */
export type ClaimPath = string;

export interface TrustedIssuer {
  /** As `iss` says it, to the letter. */
  issuer: string;
  audience: string[];
  /** Found by discovery where it is left out. */
  jwks_uri?: string | undefined;
  algorithms: TokenAlgorithm[];
  clock_skew_s: number;
  /** A token older than this is refused, whatever it says of its end. */
  max_age_s: number;
  /** For a key that is not known the keys are fetched anew at most so often. */
  refetch_s: number;
  tenant: {
    claim?: ClaimPath | undefined;
    /** The claim's value is looked up here where it is given; it is the tenant itself where not. */
    map?: Record<string, string> | undefined;
    /** Of tokens without the claim. */
    default?: string | undefined;
  };
  roles: {
    claim?: ClaimPath | undefined;
    /** What is not named here gives no role. */
    map: Record<string, Role>;
    /** Of tokens whose claim gives none. */
    default: Role[];
  };
  /** Narrows each token to the scopes that it names. */
  scopes?: { claim: ClaimPath } | undefined;
}

export interface CertificatePrincipal {
  /** The subject's distinguished name as API Gateway tells it. */
  subject: string;
  issuer?: string | undefined;
  tenant_id: string;
  roles: Role[];
  scopes?: string[] | undefined;
}

/** What API Gateway has verified against the truststore. */
export interface ClientCertificate {
  subject: string;
  issuer: string;
}
