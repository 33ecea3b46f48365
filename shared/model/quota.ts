import type { KeyLimits, RateLimit } from './rate-limit.ts';
import type { Tier } from './tenant.ts';

export { type KeyLimits, type RateLimit, UNLIMITED } from './rate-limit.ts';

export interface Quota {
  tenant_id: string;
  tier: Tier;
  rate_limit: RateLimit;
  /** Multiplies `rps` alone: short bursts, same minute and hour. */
  burst_multiplier: number;
  updated_at: string;
}

/** What a tenant has used today (UTC) and holds for requests in flight. */
export interface QuotaUse {
  day: string;
  tokens_used: number;
  cost_used_usd: number;
  tokens_held: number;
  cost_held_usd: number;
  in_flight: number;
}

export const WINDOWS = [
  'second',
  'minute',
  'hour',
  'tokens_per_day',
  'cost_per_day_usd',
  'concurrent',
] as const;
export type Window = (typeof WINDOWS)[number];

/** Those that count requests. */
export const REQUEST_LIMITS = ['second', 'minute', 'hour'] as const satisfies readonly Window[];

/** How a limit stands. `reset_ms` is a delay. */
export interface LimitState {
  window: Window;
  /** Whose it is; the tenant's where it is left out. */
  scope?: 'key';
  limit: number;
  remaining: number;
  reset_ms: number;
}

/** What one request asks of the limits: predicted tokens and dollars, held until it settles. */
export interface AdmissionRequest {
  /** The observation's id. */
  id: string;
  tenant_id: string;
  tokens: number;
  cost_usd: number;
  /** Milliseconds after which an unsettled hold frees itself. */
  hold_ms: number;
  /** Where the caller's key has limits of its own. */
  key?: KeyLimits;
}

/** Tokens and nano-dollars reserved for a request in flight; it expires by itself. */
export interface Hold {
  tokens: number;
  cost_nano: number;
  /** Milliseconds since the epoch. */
  expires_at: number;
  /** The key that it counts for, where that has a budget of its own. */
  key?: string;
  /** Of a process's lease: how many requests it covers, when its last block ends, and which swap of that process wrote it. */
  lease?: { requests: number; until: number; serial: number };
}

export type Verdict =
  /**
   * `limits`: of all request windows, the tightest first. `leased`: its hold is a part of the process's lease, which wants to
   * be told when it has settled.
   */
  | { admitted: true; limits?: readonly LimitState[]; held?: Hold; leased?: true }
  | { admitted: false; limit: LimitState; limits?: readonly LimitState[]; retry_after_ms: number };

/** What a request really used; it replaces the hold. */
export interface Settlement {
  id: string;
  tenant_id: string;
  /** UTC, YYYY-MM-DD. */
  day: string;
  tokens: number;
  cost_nano: number;
  held?: Hold;
}

const NANO = 1e9;

/** Whole nano-dollars, rounded up: what is booked is never less than what was spent. */
export const toNano = (usd: number): number => Math.ceil(usd * NANO - 1e-6);
export const toUsd = (nano: number): number => nano / NANO;
