/** What a provider's fault means: try again, try another, or tell the caller. */
import { AppError } from '../../errors/app-error.ts';
import type { Outcome } from '../../model/observation.ts';

const BASE_DELAY_MS = 100;
/** How long a provider's own wish to wait is met: where another model could be asked instead, and where none could. */
const MAX_RETRY_AFTER_MS = 1_000;
const MAX_LAST_RETRY_AFTER_MS = 10_000;

export const isUpstreamFault = (error: unknown): error is AppError =>
  error instanceof AppError && (error.code === 'upstream_error' || error.code === 'upstream_timeout');

const isLeft = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';
const isLate = (error: unknown): boolean => error instanceof Error && error.name === 'TimeoutError';

/**
 * Milliseconds until another try of the same model (full jitter, on top of what the provider asks for); undefined where
 * another try would not help, or another model is sooner there.
 */
export const retryDelayMs = (
  error: AppError,
  attempt: number,
  random: { next(): number },
  { leftMs, isLast }: { leftMs: number; isLast: boolean },
): number | undefined => {
  if (!error.retryable || error.code === 'upstream_timeout') return undefined;
  const asked = error.retryAfterMs ?? 0;
  if (asked > (isLast ? MAX_LAST_RETRY_AFTER_MS : MAX_RETRY_AFTER_MS)) return undefined;
  const delay = asked + random.next() * BASE_DELAY_MS * 2 ** (attempt - 1);
  return delay < leftMs ? delay : undefined;
};

export const outcomeOf = (error: unknown, partWasSent: boolean): Outcome => {
  if (isLeft(error)) return 'aborted';
  if (isLate(error) || (error instanceof AppError && error.code === 'upstream_timeout')) return 'timeout';
  return partWasSent ? 'cut' : 'upstream_error';
};

/** Only our own errors leave: an elapsed deadline is 504, a caller that left is nobody's fault, anything foreign 502. */
export const asUpstreamError = (error: unknown): AppError => {
  if (error instanceof AppError) return error;
  if (isLeft(error)) return new AppError('conflict', 'The caller went away.', { cause: error });
  if (isLate(error))
    return new AppError('upstream_timeout', 'The model did not answer in time.', { cause: error });
  return new AppError('upstream_error', 'The call to the model failed.', { cause: error });
};
