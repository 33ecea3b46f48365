import type { Role } from '../model/tenant.ts';

/** Who an issuer vouches for, as its stage maps the claims. */
export interface TokenIdentity {
  issuer: string;
  subject: string;
  tenantId: string;
  roles: Role[];
  scopes?: string[];
  /** Milliseconds since the epoch. */
  expiresAtMs: number;
}

export interface TokenVerifier {
  /** Throws `unauthenticated`; `forbidden` for a good token that names no tenant; `unavailable` while the issuer's keys cannot be had. */
  verify(token: string): Promise<TokenIdentity>;
}

/** Fetches a JSON document, bounded in time and size. Rejects where it cannot be had. */
export interface JsonSource {
  get(url: string): Promise<unknown>;
}
