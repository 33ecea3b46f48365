/** The judges of the simulation are judged first: they find what is wrong, and nothing else. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BreakerOracle } from '../../../../scripts/simulate/breaker-oracle.ts';
import { Events } from '../../../../scripts/simulate/events.ts';
import { WindowOracle } from '../../../../scripts/simulate/window-oracle.ts';
import { unknownHealth } from '../../../../shared/services/health/breaker.ts';

describe('the list of what was let in', () => {
  it('breaks a bound exactly where some window holds more than its limit', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 40 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 5 }), (steps, limit) => {
        const oracle = new WindowOracle([{ lengthMs: 100, limit }]);
        const times: number[] = [];
        let now = 0;
        for (const step of steps) {
          now += step;
          times.push(now);
          const inWindow = times.filter((time) => time > now - 100).length;
          expect(oracle.letIn(now)).toBe(inWindow > limit ? 1 : 0);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('the judge of breakers', () => {
  const closed = unknownHealth('m', '');
  const open = { ...closed, open: { since: 0, until: 10_000, times: 1 } };

  it('minds a breaker that opens for nothing', () => {
    const oracle = new BreakerOracle();
    oracle.called('m', 0, false);
    oracle.ended('m', { isOk: false, isProbe: false, now: 1, before: closed, after: open });

    expect(oracle.broken).toMatchObject({ openedForNothing: 1 });
  });

  it('minds one that stays closed after five failures in a row', () => {
    const oracle = new BreakerOracle();
    for (let call = 0; call < 5; call += 1)
      oracle.ended('m', { isOk: false, isProbe: false, now: call, before: closed, after: closed });

    expect(oracle.broken).toMatchObject({ stayedClosed: 1, openedForNothing: 0 });
  });

  it('minds calls while it is open, two tries at once, and one that closes by itself', () => {
    const oracle = new BreakerOracle();
    oracle.ended('m', { isOk: false, isProbe: false, now: 0, before: closed, after: open });
    oracle.called('m', 1_000, false);
    oracle.called('m', 9_000, true);
    oracle.called('m', 9_000, true);
    oracle.ended('m', { isOk: true, isProbe: false, now: 9_500, before: open, after: closed });

    expect(oracle.broken).toMatchObject({ calledWhileOpen: 1, probedTwiceAtOnce: 1, closedWithoutProbe: 1 });
  });
});

describe('what is still to happen', () => {
  it('comes out in order, and only when it is due', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 100 })), fc.nat({ max: 100 }), (times, now) => {
        const events = new Events<{ at: number }>();
        for (const at of times) events.add({ at });
        const out: number[] = [];
        for (let due = events.due(now); due !== undefined; due = events.due(now)) out.push(due.at);

        expect(out).toEqual(times.filter((at) => at <= now).sort((a, b) => a - b));
        expect(events.size).toBe(times.length - out.length);
      }),
    );
  });
});
