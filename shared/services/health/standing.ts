/** What a model's health means: for routing, and in words for operators. */
import type { AdapterHealthReport, HealthRecord, HealthState } from '../../model/health.ts';
import { phaseOf, recent, unknownHealth } from './breaker.ts';

/** Successes that a model is credited with, so that one failure is no verdict. */
const CREDIT = 10;
/** While it is not known whether it answers again. */
const UNCERTAIN = 0.5;
const DEGRADED = 0.1;

const expectedErrors = (record: HealthRecord, now: number): number => {
  const { calls, failures } = recent(record, now);
  return failures / (calls + CREDIT);
};

/** Share of calls that are expected to succeed. */
export const availabilityOf = (record: HealthRecord, now: number): number => {
  const usual = 1 - expectedErrors(record, now);
  return record.open === undefined ? usual : Math.min(UNCERTAIN, usual);
};

export const stateOf = (record: HealthRecord, now: number): HealthState => {
  if (record.open !== undefined) return 'unhealthy';
  return expectedErrors(record, now) >= DEGRADED ? 'degraded' : 'healthy';
};

const rounded = (value: number, digits = 1): number => Number(value.toFixed(digits));
const time = (ms: number): string => new Date(ms).toISOString();

/** Is this what is known of the model as it is registered now? */
export const isOf = (record: HealthRecord, adapter: { id: string; updated_at: string }): boolean =>
  record.adapter === adapter.id && record.registered === adapter.updated_at;

/** As operators read it; `record` may be another registration's. */
export const healthOf = (
  adapter: { id: string; updated_at: string },
  record: HealthRecord | undefined,
  now: number,
): AdapterHealthReport =>
  reportOf(
    record !== undefined && isOf(record, adapter) ? record : unknownHealth(adapter.id, adapter.updated_at),
    now,
  );

const reportOf = (record: HealthRecord, now: number): AdapterHealthReport => {
  const { calls, failures, latency_ms, whole_p95, first_p95, open, checked_at, last_error } = record;
  return {
    state: stateOf(record, now),
    breaker: phaseOf(record, now),
    error_rate: calls === 0 ? 0 : rounded(failures / calls, 4),
    latency_ms_ewma: latency_ms === undefined ? null : rounded(latency_ms),
    ...(whole_p95 === undefined ? {} : { latency_p95_ms: rounded(whole_p95.ms) }),
    ...(first_p95 === undefined ? {} : { first_byte_p95_ms: rounded(first_p95.ms) }),
    checked_at: checked_at === 0 ? null : time(checked_at),
    last_error_code: last_error ?? null,
    ...(open === undefined ? {} : { open_until: time(open.until) }),
  };
};
