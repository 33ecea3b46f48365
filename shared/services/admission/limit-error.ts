import { AppError } from '../../errors/app-error.ts';
import type { LimitState, Verdict } from '../../model/quota.ts';

/** Headers of the tightest request window; `reset` in whole seconds. */
export const rateLimitHeaders = (limit: LimitState): Record<string, string> => ({
  'x-ratelimit-limit': String(limit.limit),
  'x-ratelimit-remaining': String(Math.floor(limit.remaining)),
  'x-ratelimit-reset': String(Math.ceil(limit.reset_ms / 1_000)),
});

/** 402 for an exhausted budget, else 429; both name the window, its limit and when it frees. `now` in milliseconds since the epoch. */
export const toLimitError = (verdict: Extract<Verdict, { admitted: false }>, now: number): AppError => {
  const { limit, retry_after_ms } = verdict;
  const extensions = {
    window: limit.window,
    limit: limit.limit,
    reset_at: new Date(now + limit.reset_ms).toISOString(),
  };
  const options = { extensions, headers: rateLimitHeaders(limit), retryAfterMs: retry_after_ms };
  return limit.window === 'cost_per_day_usd'
    ? new AppError('budget_exhausted', "The tenant's budget for today is exhausted.", options)
    : new AppError('rate_limited', `The tenant's limit is reached: ${limit.window}.`, options);
};
