/** How a simulated model is disposed to one request: how long it takes, and whether it fails. The same request finds the same mood. */
import { AppError } from '../../../errors/app-error.ts';
import type { Adapter, SimulatedFault } from '../../../model/adapter.ts';
import { patienceMs } from '../../../model/completion.ts';
import type { Clock } from '../../../ports/runtime.ts';
import { hash, uniform } from './answer.ts';

const DEFAULTS = { jitter: 0.1, fault: 'http_500' } as const;

export interface Mood {
  /** Uniform numbers for whatever else chance decides. */
  next: () => number;
  fault: SimulatedFault | undefined;
  /** Milliseconds. */
  latency: number;
}

export const moodOf = (adapter: Adapter, requestId: string, prompt: string): Mood => {
  const {
    seed = 0,
    fault_rate = 0,
    fault = DEFAULTS.fault,
    jitter = DEFAULTS.jitter,
  } = adapter.simulated ?? {};
  const next = uniform(hash(`${adapter.id}\n${requestId}\n${prompt}`, seed));
  const fails = next() < fault_rate;
  const usual = adapter.simulated?.latency_ms ?? adapter.latency_ms;
  const latency = Math.max(0, usual * (1 + jitter * (2 * next() - 1)));
  return { next, fault: fails ? fault : undefined, latency };
};

const FAULTS: Readonly<Record<SimulatedFault, () => AppError>> = {
  http_500: () =>
    new AppError('upstream_error', 'The provider failed.', { retryable: true, fault: 'provider_error' }),
  http_429: () =>
    new AppError('upstream_error', 'The provider limits our rate.', {
      retryable: true,
      fault: 'rate_limited',
    }),
  reset: () =>
    new AppError('upstream_error', 'The connection to the model failed.', {
      retryable: true,
      fault: 'connection',
    }),
  timeout: () => new AppError('upstream_timeout', 'The model did not answer in time.', { fault: 'timeout' }),
  cut: () =>
    new AppError('upstream_error', 'The model stopped in the middle of its answer.', { fault: 'cut' }),
  garbage: () =>
    new AppError('upstream_error', 'The model answered something that is not a completion.', {
      fault: 'garbled',
    }),
};

export const faultError = (fault: SimulatedFault): AppError => FAULTS[fault]();

/** Takes as long to fail as the model would to answer, or as one waits for a silent one. */
export const fail = async (
  fault: SimulatedFault,
  { adapter, stream, latency }: { adapter: Adapter; stream: boolean; latency: number },
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<never> => {
  await clock.sleep(fault === 'timeout' ? patienceMs(adapter, stream) : latency, signal);
  throw faultError(fault);
};
