/** Who calls, for whom, and what they may do. */

export const ROLES = ['owner', 'operator', 'auditor', 'developer', 'caller'] as const;
export type Role = (typeof ROLES)[number];

export const TIERS = ['free', 'pro', 'enterprise'] as const;
export type Tier = (typeof TIERS)[number];

/** An API key as stored: `hash` is HMAC-SHA-256 of the secret part under the stage's pepper, hex. */
export interface ApiKeyRecord {
  id: string;
  tenant_id: string;
  roles: Role[];
  /** Narrower than the roles: of what they permit, only this. Everything where it is left out. */
  scopes?: string[];
  name?: string;
  hash: string;
  /** Of the pepper that `hash` was made under; the first where it is left out. */
  pepper_version?: string;
  created_at: string;
  expires_at?: string;
  /** Of a key that came of a rotation: the key that it replaces. */
  rotated_from?: string;
  /** Of a key that has been rotated: the key that replaces it. */
  replaced_by?: string;
}

/** When a key was last used, to within minutes. */
export interface KeyUse {
  last_used_at: string;
}

/** The authenticated caller. `tenant_id` is the tenant acted for, `home_tenant_id` the key's own. */
export interface Principal {
  /** A key's id, or a name made of an issuer's subject or a certificate that tells nothing of it. */
  key_id: string;
  tenant_id: string;
  home_tenant_id: string;
  roles: readonly Role[];
  scopes?: readonly string[];
  /** By what the caller is known; an API key where it is left out. */
  via?: 'token' | 'certificate';
  /** Of a token: when it ends, milliseconds since the epoch. */
  expires_at_ms?: number;
}
