import { describe, expect, it } from 'vitest';
import {
  afterCall,
  isOtherBreaker,
  passageOf,
  phaseOf,
  recent,
  withProbe,
} from '../../../../shared/services/health/breaker.ts';
import { FAILED, FIVE, failures, healthAfter, OK, outcome } from '../../../support/fakes/health.ts';

const PROBE = { ...FAILED, probe: true };
const open = healthAfter(...failures(FIVE));

describe('a closed breaker', () => {
  it('opens at the fifth failure in a row, however far apart', () => {
    const hourly = Array.from({ length: FIVE }, (_, index) => outcome(FAILED, index * 3_600_000));

    expect(healthAfter(...hourly.slice(0, -1)).open).toBeUndefined();
    expect(healthAfter(...hourly).open).toMatchObject({ since: 4 * 3_600_000, times: 1 });
  });

  it('opens when half of at least ten calls of late failed', () => {
    const pairs = Array.from({ length: 10 }, (_, index) => outcome(index % 2 === 0 ? OK : FAILED));

    expect(healthAfter(...pairs.slice(0, 8)).open).toBeUndefined();
    expect(healthAfter(...pairs).open).toBeDefined();
  });

  it('stays closed where fewer fail', () => {
    const calls = Array.from({ length: 300 }, (_, index) => outcome(index % 3 === 0 ? FAILED : OK));

    expect(healthAfter(...calls).open).toBeUndefined();
  });

  it('counts a call half after half a minute', () => {
    const record = healthAfter(...failures(2), outcome(OK));

    expect(recent(record, 30_000)).toEqual({ calls: 1.5, failures: 1 });
    expect(recent(record, 0)).toEqual({ calls: 3, failures: 2 });
  });

  it('is not moved by what says nothing of the model', () => {
    const neutral = outcome({ result: 'neutral', probe: false });

    expect(healthAfter(...failures(4), neutral, neutral)).toEqual(healthAfter(...failures(4)));
  });

  it('keeps the name of the last fault', () => {
    const refused = outcome({ ...FAILED, error: 'key_refused' });

    expect(healthAfter(...failures(1), refused, outcome(OK)).last_error).toBe('key_refused');
  });
});

describe('an open breaker', () => {
  it.each([
    [0, 5_000],
    [0.5, 7_500],
    [0.999, 9_995],
  ])('waits between half and all of ten seconds: draw %s', (draw, wait) => {
    const opened = healthAfter(...failures(4), outcome(FAILED, 0, draw));

    expect(opened.open?.until).toBeCloseTo(wait, 6);
    expect(phaseOf(opened, wait - 1)).toBe('open');
    expect(passageOf(opened, wait - 1)).toBe('wait');
    expect(phaseOf(opened, wait)).toBe('half_open');
  });

  it('waits as long as the provider asks, ten minutes at most', () => {
    const asking = (retryAfterMs: number) =>
      healthAfter(...failures(4), outcome({ ...FAILED, retryAfterMs })).open?.until;

    expect(asking(60_000)).toBe(60_000);
    expect(asking(86_400_000)).toBe(600_000);
    expect(asking(10)).toBe(7_500);
  });

  it('learns nothing from calls that began before it opened', () => {
    const late = [outcome(OK, 1), outcome(FAILED, 2), outcome(OK, 9_000)];

    expect(isOtherBreaker(late.reduce(afterCall, open), open)).toBe(false);
  });

  it('closes when a call that was let through all the same succeeds, and counts anew', () => {
    const closed = afterCall(open, outcome({ ...OK, probe: true }, 100));

    expect(closed.open).toBeUndefined();
    expect(closed).toMatchObject({ calls: 1, failures: 0, consecutive: 0 });
  });

  it('does not wait longer because such a call failed too', () => {
    expect(isOtherBreaker(afterCall(open, outcome(PROBE, 100)), open)).toBe(false);
  });
});

describe('a half-open breaker', () => {
  it('lets one call through, and another when that one is lost', () => {
    const claimed = withProbe(open, 7_500, 1_000);

    expect(passageOf(open, 7_500)).toBe('probe');
    expect(claimed === undefined ? undefined : passageOf(claimed, 8_499)).toBe('wait');
    expect(claimed === undefined ? undefined : passageOf(claimed, 8_500)).toBe('probe');
    expect(claimed === undefined ? undefined : withProbe(claimed, 8_000, 1_000)).toBeUndefined();
    expect(withProbe(open, 7_499, 1_000)).toBeUndefined();
  });

  it('opens for twice as long with each failure, five minutes at most', () => {
    let record = open;
    const waits: number[] = [];
    for (let turn = 0; turn < 8; turn++) {
      const at = record.open?.until ?? 0;
      record = afterCall(record, outcome(PROBE, at));
      waits.push((record.open?.until ?? 0) - at);
    }

    expect(waits).toEqual([15_000, 30_000, 60_000, 120_000, 225_000, 225_000, 225_000, 225_000]);
    expect(record.open?.since).toBe(0);
  });

  it('is free again when the call ends without a verdict', () => {
    const claimed = withProbe(open, 7_500, 60_000) ?? open;
    const given = afterCall(claimed, outcome({ result: 'neutral', probe: true }, 7_600));

    expect(passageOf(given, 7_600)).toBe('probe');
  });
});

describe('latencies', () => {
  const took = (ms: number) => outcome({ ...OK, wholeMs: ms, firstMs: ms / 10 });

  it('of whole answers are averaged, newer ones for a tenth', () => {
    expect(healthAfter(took(100)).latency_ms).toBe(100);
    expect(healthAfter(took(100), took(200)).latency_ms).toBe(110);
  });

  it('of failures and of one that was given up do not count in the average', () => {
    const failed = outcome({ ...FAILED, wholeMs: 9_000 });
    const outrun = outcome({ result: 'neutral', probe: false, wholeMs: 9_000 });

    const record = healthAfter(took(100), failed, outrun);

    expect(record.latency_ms).toBe(100);
    expect(record.whole_p95).toEqual({ ms: 9_000, samples: 2 });
    expect(record.first_p95).toEqual({ ms: 10, samples: 1 });
  });
});
