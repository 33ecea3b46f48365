import { AppError } from '../../errors/app-error.ts';
import type { UpstreamFault } from '../../model/health.ts';

/** Milliseconds from `retry-after`: seconds or an HTTP date; undefined for anything else. */
export const retryAfterMs = (value: string | string[] | undefined, now: number): number | undefined => {
  if (typeof value !== 'string') return undefined;
  if (/^\d{1,6}(\.\d+)?$/.test(value)) return Number(value) * 1_000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
};

/** Some refusals meet every request; otherwise it is this request that was refused, which says nothing of the model. */
const refusalOf = (status: number): { fault?: UpstreamFault } => {
  if (status === 402) return { fault: 'key_refused' };
  return status === 404 || status < 400 ? { fault: 'not_found' } : {};
};

/** A status other than 200 as our error; the provider's own text stays out of it. */
export const toError = (status: number, retryAfter: number | undefined): AppError => {
  const wait = retryAfter === undefined ? {} : { retryAfterMs: retryAfter };
  if (status === 429) {
    return new AppError('upstream_error', 'The provider limits our rate.', {
      retryable: true,
      fault: 'rate_limited',
      ...wait,
    });
  }
  if (status === 408 || status === 504)
    return new AppError('upstream_timeout', 'The provider did not answer in time.', { fault: 'timeout' });
  // 424 is Bedrock's for a model that failed.
  if (status >= 500 || status === 424)
    return new AppError('upstream_error', 'The provider failed.', {
      retryable: true,
      fault: 'provider_error',
      ...wait,
    });
  if (status === 401 || status === 403) {
    return new AppError('upstream_error', 'The provider refused its key.', {
      retryable: false,
      fault: 'key_refused',
    });
  }
  return new AppError('upstream_error', `The provider refused the request (${status}).`, {
    retryable: false,
    extensions: { upstream_status: status },
    ...refusalOf(status),
  });
};
