/** What is known of a model's health, as the store keeps it, as calls change it, and as operators read it. */

export const HEALTH_STATES = ['healthy', 'degraded', 'unhealthy'] as const;
export type HealthState = (typeof HEALTH_STATES)[number];

export const BREAKER_PHASES = ['closed', 'open', 'half_open'] as const;
export type BreakerPhase = (typeof BREAKER_PHASES)[number];

/** What went wrong between us and a provider. */
export const UPSTREAM_FAULTS = [
  'rate_limited',
  'key_refused',
  'key_missing',
  'not_found',
  'provider_error',
  'connection',
  'timeout',
  'cut',
  'garbled',
] as const;
export type UpstreamFault = (typeof UPSTREAM_FAULTS)[number];

/** The breaker while it is not closed. Times are milliseconds since the epoch. */
export interface OpenBreaker {
  since: number;
  /** From then on it is half open. */
  until: number;
  /** How often it opened since it was last closed. */
  times: number;
  /** One call is trying the model, and is given up as lost then. */
  probe_until?: number;
}

/** A running estimate of a quantile. */
export interface Quantile {
  ms: number;
  samples: number;
}

/** One model's health as all instances share it. */
export interface HealthRecord {
  adapter: string;
  /** The adapter's `updated_at`: what was learnt of an earlier registration says nothing of this one. */
  registered: string;
  /** Counts the writes; 0 where nothing was written yet. */
  version: number;
  /** Calls and failures, fading, as they stood at `checked_at`. */
  calls: number;
  failures: number;
  /** Failures in a row. */
  consecutive: number;
  /** Of whole answers that succeeded, milliseconds. */
  latency_ms?: number;
  /** 95th percentiles: of whole answers, and of the time until a stream's first piece. */
  whole_p95?: Quantile;
  first_p95?: Quantile;
  /** Milliseconds since the epoch; 0 where it was never called. */
  checked_at: number;
  last_error?: UpstreamFault;
  open?: OpenBreaker;
}

/** How one call of a model ended. */
export interface CallOutcome {
  /** Milliseconds since the epoch. */
  at: number;
  /** `neutral` says nothing of the model: the caller went away, or its request was refused. */
  result: 'ok' | 'failed' | 'neutral';
  /** It was let through although the breaker was not closed. */
  probe: boolean;
  /** Milliseconds of a whole answer. */
  wholeMs?: number;
  /** Milliseconds until a stream's first piece. */
  firstMs?: number;
  error?: UpstreamFault;
  /** How long the provider asked to be left alone, milliseconds. */
  retryAfterMs?: number;
  /** Uniform in [0, 1): drawn once, so that an outcome told again to a newer record means the same. */
  draw: number;
}

/** As `/admin/adapters` shows it. */
export interface AdapterHealthReport {
  state: HealthState;
  breaker: BreakerPhase;
  error_rate: number;
  latency_ms_ewma: number | null;
  latency_p95_ms?: number;
  first_byte_p95_ms?: number;
  checked_at: string | null;
  last_error_code: UpstreamFault | null;
  /** Until when an open breaker lets nothing through. */
  open_until?: string;
}
