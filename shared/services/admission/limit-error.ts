import { AppError } from '../../errors/app-error.ts';
import { type LimitState, REQUEST_LIMITS, type Verdict } from '../../model/quota.ts';

interface Names {
  limit: string;
  remaining: string;
  reset: string;
}

/** Put together once: a name that is new to the engine each time costs more than the rest. */
const namesOf = (suffix: string): Names => ({
  limit: `x-ratelimit-limit${suffix}`,
  remaining: `x-ratelimit-remaining${suffix}`,
  reset: `x-ratelimit-reset${suffix}`,
});
const PLAIN = namesOf('');
const BY_WINDOW = REQUEST_LIMITS.map((window) => ({ window, names: namesOf(`-${window}`) }));

const put = (
  headers: Record<string, string>,
  names: Names,
  { limit, remaining, reset_ms }: LimitState,
): void => {
  headers[names.limit] = String(limit);
  headers[names.remaining] = String(Math.floor(remaining));
  headers[names.reset] = String(Math.ceil(reset_ms / 1_000));
};

/** `x-ratelimit-*` of the first limit, and `x-ratelimit-*-<window>` of each request window's tightest; resets in whole seconds. */
export const rateLimitHeaders = (
  tightest: LimitState,
  limits: readonly LimitState[],
): Record<string, string> => {
  const headers: Record<string, string> = {};
  put(headers, PLAIN, tightest);
  for (const { window, names } of BY_WINDOW) {
    const limit = limits.find((state) => state.window === window);
    if (limit !== undefined) put(headers, names, limit);
  }
  return headers;
};

/** 402 for an exhausted budget, else 429; both name the window, its limit, whose it is and when it frees. `now` in milliseconds since the epoch. */
export const toLimitError = (verdict: Extract<Verdict, { admitted: false }>, now: number): AppError => {
  const { limit, limits = [], retry_after_ms } = verdict;
  const extensions = {
    window: limit.window,
    limit: limit.limit,
    ...(limit.scope === undefined ? {} : { scope: limit.scope }),
    reset_at: new Date(now + limit.reset_ms).toISOString(),
  };
  const options = { extensions, headers: rateLimitHeaders(limit, limits), retryAfterMs: retry_after_ms };
  const whose = limit.scope === 'key' ? "key's" : "tenant's";
  return limit.window === 'cost_per_day_usd'
    ? new AppError('budget_exhausted', `The ${whose} budget for today is exhausted.`, options)
    : new AppError('rate_limited', `The ${whose} limit is reached: ${limit.window}.`, options);
};
