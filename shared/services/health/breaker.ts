/**
 * A model's breaker and its averages, as a pure function of what is known and how a call ended. Closed: calls go through;
 * too many failures open it. Open: none goes through until its time is over. Half open: one call tries; it closes the
 * breaker, or opens it again for longer. What a call ended as may be told again to a newer record, so that instances merge
 * what they saw.
 */
import type { BreakerPhase, CallOutcome, HealthRecord, OpenBreaker } from '../../model/health.ts';
import { withSample } from './quantile.ts';

/** Failures in a row that open it, however seldom the model is called. */
const IN_A_ROW = 5;
/** Or this share of at least so many calls of late. */
const SHARE = 0.5;
const CALLS = 10;
/** Milliseconds after which a call counts half. */
const HALF_LIFE_MS = 30_000;

const OPEN_MS = 10_000;
const MOST_OPEN_MS = 300_000;
/** What a provider asks for is kept, within reason. */
const MOST_ASKED_MS = 600_000;

const LATENCY_SHARE = 0.1;

export const unknownHealth = (adapter: string, registered: string, version = 0): HealthRecord => ({
  adapter,
  registered,
  version,
  calls: 0,
  failures: 0,
  consecutive: 0,
  checked_at: 0,
});

export const phaseOf = ({ open }: HealthRecord, now: number): BreakerPhase => {
  if (open === undefined) return 'closed';
  return now < open.until ? 'open' : 'half_open';
};

/** May a call go through? `probe`: as the one that tries, once it has claimed to be that. */
export type Passage = 'call' | 'probe' | 'wait';

export const passageOf = (record: HealthRecord, now: number): Passage => {
  const { open } = record;
  if (open === undefined) return 'call';
  if (now < open.until || (open.probe_until ?? 0) > now) return 'wait';
  return 'probe';
};

/** With the claim to be the one that tries; undefined where that may not be. */
export const withProbe = (record: HealthRecord, now: number, leaseMs: number): HealthRecord | undefined => {
  if (record.open === undefined || passageOf(record, now) !== 'probe') return undefined;
  return { ...record, open: { ...record.open, probe_until: now + leaseMs } };
};

/** Do others have to know at once? */
export const isOtherBreaker = (one: HealthRecord, other: HealthRecord): boolean =>
  one.open?.since !== other.open?.since ||
  one.open?.until !== other.open?.until ||
  one.open?.probe_until !== other.open?.probe_until;

const fadedBy = (ms: number): number => 2 ** (-Math.max(0, ms) / HALF_LIFE_MS);

/** Calls and failures of late, as they count now. */
export const recent = (record: HealthRecord, now: number): { calls: number; failures: number } => {
  const faded = fadedBy(now - record.checked_at);
  return { calls: record.calls * faded, failures: record.failures * faded };
};

export const afterCall = (record: HealthRecord, outcome: CallOutcome): HealthRecord => {
  const measured = withLatency(record, outcome);
  if (outcome.result === 'neutral') return outcome.probe ? withoutProbe(measured) : measured;
  const isFailed = outcome.result === 'failed';
  const { calls, failures } = recent(record, outcome.at);
  const counted: HealthRecord = {
    ...measured,
    calls: calls + 1,
    failures: failures + (isFailed ? 1 : 0),
    consecutive: isFailed ? record.consecutive + 1 : 0,
    checked_at: Math.max(record.checked_at, outcome.at),
    ...(outcome.error === undefined ? {} : { last_error: outcome.error }),
  };
  if (record.open === undefined) return isFailed && isTooMuch(counted) ? opened(counted, outcome) : counted;
  // Calls that began before it opened say nothing new of it, and one more failure while it is open is no surprise.
  if (!outcome.probe || (isFailed && outcome.at < record.open.until)) return counted;
  return isFailed ? opened(counted, outcome) : closed(counted);
};

const isTooMuch = ({ calls, failures, consecutive }: HealthRecord): boolean =>
  // Fading takes a hair off what was counted a moment ago.
  consecutive >= IN_A_ROW || (calls >= CALLS - 0.5 && failures >= SHARE * calls);

/** Between half and all of its time, which doubles with each turn: instances and models come back one by one. */
const opened = (record: HealthRecord, { at, draw, retryAfterMs = 0 }: CallOutcome): HealthRecord => {
  const times = (record.open?.times ?? 0) + 1;
  const period = Math.min(MOST_OPEN_MS, OPEN_MS * 2 ** Math.min(times - 1, 16));
  const wait = Math.max(period * (0.5 + draw / 2), Math.min(retryAfterMs, MOST_ASKED_MS));
  const open: OpenBreaker = { since: record.open?.since ?? at, until: at + wait, times };
  return { ...record, open };
};

/** A new start: what was counted belongs to the time of trouble. */
const closed = ({ open: _, ...record }: HealthRecord): HealthRecord => ({
  ...record,
  calls: 1,
  failures: 0,
  consecutive: 0,
});

const withoutProbe = (record: HealthRecord): HealthRecord => {
  if (record.open === undefined) return record;
  const { probe_until: _, ...open } = record.open;
  return { ...record, open };
};

const withLatency = (record: HealthRecord, { result, wholeMs, firstMs }: CallOutcome): HealthRecord => {
  if (result === 'failed' || (wholeMs === undefined && firstMs === undefined)) return record;
  const measured = { ...record };
  if (wholeMs !== undefined) {
    // One that was given up was slow, but nobody knows how slow.
    if (result === 'ok')
      measured.latency_ms =
        record.latency_ms === undefined
          ? wholeMs
          : record.latency_ms + LATENCY_SHARE * (wholeMs - record.latency_ms);
    measured.whole_p95 = withSample(record.whole_p95, wholeMs);
  }
  if (firstMs !== undefined) measured.first_p95 = withSample(record.first_p95, firstMs);
  return measured;
};
