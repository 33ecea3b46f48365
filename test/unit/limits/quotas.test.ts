import { describe, expect, it } from 'vitest';
import { completeQuota, TIER_LIMITS } from '../../../shared/services/quotas.ts';
import { NOON, quotaOf } from '../../support/fakes/limits.ts';

describe('completeQuota', () => {
  it.each(['free', 'pro', 'enterprise'] as const)('fills in the defaults of %s', (tier) => {
    expect(completeQuota({ tenant_id: 'acme', tier }, undefined, NOON)).toEqual({
      tenant_id: 'acme',
      tier,
      rate_limit: TIER_LIMITS[tier],
      burst_multiplier: 1,
      updated_at: '2026-01-05T12:00:00.000Z',
    });
  });

  it('keeps what the caller gave, 0 included', () => {
    const quota = completeQuota(
      { tenant_id: 'acme', tier: 'free', rate_limit: { rps: 0, rpm: 7 }, burst_multiplier: 3 },
      undefined,
      NOON,
    );

    expect(quota.rate_limit).toEqual({ ...TIER_LIMITS.free, rps: 0, rpm: 7 });
    expect(quota.burst_multiplier).toBe(3);
  });

  it('takes a limit that is undefined as left out', () => {
    const quota = completeQuota(
      { tenant_id: 'acme', tier: 'free', rate_limit: { rps: undefined } },
      undefined,
      NOON,
    );

    expect(quota.rate_limit.rps).toBe(5);
  });

  it('is enterprise, unlimited, where no tier was ever named', () => {
    const quota = completeQuota({ tenant_id: 'acme' }, undefined, NOON);

    expect(quota.tier).toBe('enterprise');
    expect(Object.values(quota.rate_limit)).toEqual([null, null, null, null, null, null]);
  });

  it('keeps the existing tier and nothing else of the former quota', () => {
    const existing = { ...quotaOf({ rps: 999 }, 9), tier: 'pro' as const };

    const quota = completeQuota({ tenant_id: 'acme', rate_limit: { rpm: 1 } }, existing, NOON);

    expect(quota).toMatchObject({
      tier: 'pro',
      rate_limit: { ...TIER_LIMITS.pro, rpm: 1 },
      burst_multiplier: 1,
    });
  });
});
