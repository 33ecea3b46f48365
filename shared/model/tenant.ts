/** Who calls, for whom, and what they may do. */
import type { RateLimit } from './quota.ts';

export const ROLES = ['owner', 'operator', 'auditor', 'developer', 'caller'] as const;
export type Role = (typeof ROLES)[number];

export const TIERS = ['free', 'pro', 'enterprise'] as const;
export type Tier = (typeof TIERS)[number];

/** An API key as stored: `hash` is HMAC-SHA-256 of the secret part under the stage's pepper, hex. */
export interface ApiKeyRecord {
  id: string;
  tenant_id: string;
  roles: Role[];
  name?: string;
  hash: string;
  created_at: string;
  expires_at?: string;
  /** Limits of its own, beside its tenant's. */
  rate_limit?: RateLimit;
}

/** The authenticated caller. `tenant_id` is the tenant acted for, `home_tenant_id` the key's own. */
export interface Principal {
  key_id: string;
  tenant_id: string;
  home_tenant_id: string;
  roles: readonly Role[];
  /** Of the key's own. */
  rate_limit?: RateLimit;
}
