import { describe, expect, it } from 'vitest';
import { problemHeaders } from '../../../shared/errors/problem.ts';
import type { Window } from '../../../shared/model/quota.ts';
import { rateLimitHeaders, toLimitError } from '../../../shared/services/admission/limit-error.ts';
import { NOON } from '../../support/fakes/limits.ts';

const refused = (window: Window) => ({
  admitted: false as const,
  limit: { window, limit: 5, remaining: 0, reset_ms: 1_050 },
  retry_after_ms: 1_050,
});

describe('toLimitError', () => {
  it.each<[Window, string, number]>([
    ['second', 'rate_limited', 429],
    ['minute', 'rate_limited', 429],
    ['hour', 'rate_limited', 429],
    ['tokens_per_day', 'rate_limited', 429],
    ['concurrent', 'rate_limited', 429],
    ['cost_per_day_usd', 'budget_exhausted', 402],
  ])('answers a full %s with %s', (window, code, status) => {
    const error = toLimitError(refused(window), NOON);

    expect(error).toMatchObject({ code, status });
    expect(error.extensions).toEqual({ window, limit: 5, reset_at: '2026-01-05T12:00:01.050Z' });
  });

  it('names the key where the limit is its own', () => {
    const verdict = refused('cost_per_day_usd');
    const error = toLimitError({ ...verdict, limit: { ...verdict.limit, scope: 'key' } }, NOON);

    expect(error.extensions).toMatchObject({ window: 'cost_per_day_usd', scope: 'key' });
    expect(error.message).toBe("The key's budget for today is exhausted.");
  });

  it('says when to come again, in whole seconds rounded up', () => {
    expect(problemHeaders(toLimitError(refused('second'), NOON))).toEqual({
      'retry-after': '2',
      'x-ratelimit-limit': '5',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': '2',
    });
  });
});

describe('rateLimitHeaders', () => {
  it('never claims more than what is left', () => {
    const headers = rateLimitHeaders({ window: 'second', limit: 5, remaining: 2.9, reset_ms: 0 }, []);

    expect(headers).toEqual({
      'x-ratelimit-limit': '5',
      'x-ratelimit-remaining': '2',
      'x-ratelimit-reset': '0',
    });
  });

  it('tells each request window apart, the tightest of each', () => {
    const minute = { window: 'minute' as const, limit: 100, remaining: 40, reset_ms: 30_001 };
    const ofKey = { window: 'second' as const, scope: 'key' as const, limit: 2, remaining: 0, reset_ms: 900 };
    const second = { window: 'second' as const, limit: 5, remaining: 3, reset_ms: 900 };

    expect(rateLimitHeaders(ofKey, [ofKey, minute, second])).toEqual({
      'x-ratelimit-limit': '2',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': '1',
      'x-ratelimit-limit-second': '2',
      'x-ratelimit-remaining-second': '0',
      'x-ratelimit-reset-second': '1',
      'x-ratelimit-limit-minute': '100',
      'x-ratelimit-remaining-minute': '40',
      'x-ratelimit-reset-minute': '31',
    });
  });
});
