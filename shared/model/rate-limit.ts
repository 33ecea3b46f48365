/** Limits of a tenant; null means no such limit. Rates are requests, money is US dollars. */
export interface RateLimit {
  rps: number | null;
  rpm: number | null;
  rph: number | null;
  tokens_per_day: number | null;
  cost_per_day_usd: number | null;
  concurrent: number | null;
}

export const UNLIMITED: RateLimit = {
  rps: null,
  rpm: null,
  rph: null,
  tokens_per_day: null,
  cost_per_day_usd: null,
  concurrent: null,
};

/** What one key may do at most, within what its tenant may. */
export interface KeyLimits {
  id: string;
  rate_limit: RateLimit;
}
