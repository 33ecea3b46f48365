/** Quotas, requests and settlements with everything but the point of the test filled in. */
import type { AdmissionRequest, Hold, Quota, RateLimit, Settlement } from '../../../shared/model/quota.ts';
import type { LedgerItem } from '../../../shared/ports/usage-ledger.ts';

export const TENANT = 'acme';
/** 2026-01-05 12:00 UTC: the start of a bucket of every window. */
export const NOON = Date.parse('2026-01-05T12:00:00.000Z');
export const TODAY = '2026-01-05';

const UNLIMITED: RateLimit = {
  rps: null,
  rpm: null,
  rph: null,
  tokens_per_day: null,
  cost_per_day_usd: null,
  concurrent: null,
};

export const quotaOf = (limits: Partial<RateLimit>, burst = 1, tenant = TENANT): Quota => ({
  tenant_id: tenant,
  tier: 'enterprise',
  rate_limit: { ...UNLIMITED, ...limits },
  burst_multiplier: burst,
  updated_at: '2026-01-01T00:00:00.000Z',
});

export const itemOf = (
  limits: Partial<RateLimit>,
  rest: Partial<LedgerItem> = {},
): LedgerItem & { quota: Quota } => ({
  version: 1,
  days: {},
  holds: {},
  ...rest,
  quota: quotaOf(limits),
});

export const requestOf = (id: string, rest: Partial<AdmissionRequest> = {}): AdmissionRequest => ({
  id,
  tenant_id: TENANT,
  tokens: 0,
  cost_usd: 0,
  hold_ms: 120_000,
  ...rest,
});

export const requestsOf = (count: number, rest: Partial<AdmissionRequest> = {}): AdmissionRequest[] =>
  Array.from({ length: count }, (_, index) => requestOf(`r${index}`, rest));

export const settlementOf = (
  id: string,
  use: { tokens?: number; cost_nano?: number; day?: string },
  held?: Hold,
): Settlement => ({
  id,
  tenant_id: TENANT,
  day: TODAY,
  tokens: 0,
  cost_nano: 0,
  ...use,
  ...(held === undefined ? {} : { held }),
});
