/** What a tier grants where a tenant's quota says nothing else. */
import { type Quota, type RateLimit, UNLIMITED } from '../model/quota.ts';
import type { Tier } from '../model/tenant.ts';

type GivenLimits = { [Limit in keyof RateLimit]?: number | undefined };

export interface QuotaInput {
  tenant_id: string;
  rate_limit?: GivenLimits;
  tier?: Tier | undefined;
  burst_multiplier?: number | undefined;
}

export const TIER_LIMITS: Readonly<Record<Tier, RateLimit>> = {
  free: { rps: 5, rpm: 100, rph: 2_000, tokens_per_day: 500_000, cost_per_day_usd: 5, concurrent: 10 },
  pro: {
    rps: 50,
    rpm: 2_000,
    rph: 50_000,
    tokens_per_day: 20_000_000,
    cost_per_day_usd: 200,
    concurrent: 200,
  },
  enterprise: UNLIMITED,
};

/** Tenants without a quota are not limited. */
export const DEFAULT_TIER: Tier = 'enterprise';

/** What is given, and for the rest what there is anyway: no limit where nothing else is said. */
export const completeLimits = (given: GivenLimits, otherwise: RateLimit = UNLIMITED): RateLimit => ({
  ...otherwise,
  ...Object.fromEntries(Object.entries(given).filter(([, limit]) => limit !== undefined)),
});

/** The quota that a request for one puts in force: it replaces the former one; only the tier is kept when none is named. */
export const completeQuota = (input: QuotaInput, existing: Quota | undefined, now: number): Quota => {
  const tier = input.tier ?? existing?.tier ?? DEFAULT_TIER;
  return {
    tenant_id: input.tenant_id,
    tier,
    rate_limit: completeLimits(input.rate_limit ?? {}, TIER_LIMITS[tier]),
    burst_multiplier: input.burst_multiplier ?? 1,
    updated_at: new Date(now).toISOString(),
  };
};
