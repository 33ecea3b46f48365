import { describe, expect, it } from 'vitest';
import { type Outcome, simulate } from '../../../../scripts/simulate/measure.ts';
import { claimsOf } from '../../../../scripts/simulate/report.ts';
import { run } from '../../../../scripts/simulate/run.ts';

/** Neither time nor memory is judged here: both depend on the machine. */
const still = { clock: () => 0, heapBytes: () => 0 };
const quiet = { ...still, progress: () => undefined };
const played = (tenants: number, requests: number, seed = 7): Outcome =>
  simulate({ tenants, requests, seed }, quiet);

describe('a simulated run', () => {
  it('refuses by every kind of limit, and exceeds none', () => {
    const outcome = played(20, 6_000);

    expect(Object.values(outcome.broken).every((count) => count === 0)).toBe(true);
    expect(Object.keys(outcome.refused)).toEqual(
      expect.arrayContaining([
        'second',
        'minute',
        'hour',
        'tokens_per_day',
        'cost_per_day_usd',
        'concurrent',
      ]),
    );
    expect(outcome.most_in_flight).toBe(2);
    expect(outcome.conflicts).toBeGreaterThan(0);
  });

  it('sees breakers open, try and close, and learns the best model', () => {
    const { breaker, best_share } = played(150, 2_500);

    expect(breaker.opened).toBeGreaterThanOrEqual(3);
    expect(breaker.closed).toBeGreaterThan(0);
    expect(best_share.last).toBeGreaterThan(Math.max(0.8, best_share.first));
  });

  it('is the same for the same seed, and another for another', () => {
    const outcome = played(20, 200, 1);

    expect(played(20, 200, 1)).toEqual(outcome);
    expect(played(20, 200, 2)).not.toEqual(outcome);
  });

  it('does as much work a request with many tenants as with few', () => {
    const [few, many] = [played(60, 600), played(300, 3_000)];

    expect(many.swaps / many.admitted).toBeCloseTo(few.swaps / few.admitted, 1);
    expect(Math.abs(many.admitted / many.requests - few.admitted / few.requests)).toBeLessThan(0.1);
    expect(many.most_holds).toBeLessThanOrEqual(few.most_holds + 1);
  });
});

describe('npm run simulate', () => {
  const silent = { ...still, progress: () => undefined };

  it('tells people what held', () => {
    const { text, code } = run(['--tenants', '50,100', '--each', '10', '--growth', '1000'], {
      ...silent,
      clock: () => performance.now(),
    });

    expect(code).toBe(0);
    expect(text).toContain('held   no window of a second, a minute or an hour held more than its limit');
  });

  it('ends with 1 where something did not hold', () => {
    const outcome = played(20, 200);
    const broken = { ...outcome, broken: { ...outcome.broken, windows: 1 } };

    expect(claimsOf([broken], 2)[0]?.holds).toBe(false);
    const slow = { ...outcome, us_a_request: { whole: 30, early: 30, late: 30 } };
    const slower = { ...outcome, us_a_request: { whole: 90, early: 90, late: 90 } };
    expect(claimsOf([slow, slower], 2).at(-1)?.holds).toBe(false);
  });

  it.each([
    [['--tenants', '0'], '--tenants must be a whole number from 1 to 1000000'],
    [['--each', 'all'], '--each must be a whole number from 1 to 1000000'],
    [['--growth', 'x'], '--growth must be a number'],
  ])('refuses %j in one line', (args, message) => {
    expect(() => run(args, silent)).toThrow(message);
  });

  it('explains itself', () => {
    expect(run(['--help'], silent).text).toContain('Usage: npm run simulate');
  });
});
