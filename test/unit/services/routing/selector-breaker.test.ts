import { beforeEach, describe, expect, it } from 'vitest';
import { SelectorBreaker } from '../../../../shared/services/routing/selector-breaker.ts';
import { ManualClock } from '../../../support/fakes/manual-clock.ts';

describe('SelectorBreaker', () => {
  let clock: ManualClock;
  let breaker: SelectorBreaker;

  beforeEach(() => {
    clock = new ManualClock();
    breaker = new SelectorBreaker(clock);
  });

  it('lets every call through while closed', () => {
    expect([breaker.tryAcquire(), breaker.tryAcquire()]).toEqual([true, true]);
  });

  it('holds calls back for two seconds after a failure', async () => {
    breaker.failed();
    await clock.advance(1_999);

    expect(breaker.tryAcquire()).toBe(false);
  });

  it('then lets one probe through, and no second one beside it', async () => {
    breaker.failed();
    await clock.advance(2_000);

    expect([breaker.tryAcquire(), breaker.tryAcquire()]).toEqual([true, false]);
  });

  it('closes when the probe succeeds', async () => {
    breaker.failed();
    await clock.advance(2_000);
    breaker.tryAcquire();
    breaker.succeeded();

    expect([breaker.tryAcquire(), breaker.tryAcquire()]).toEqual([true, true]);
  });

  it('opens anew when the probe fails', async () => {
    breaker.failed();
    await clock.advance(2_000);
    breaker.tryAcquire();
    breaker.failed();
    await clock.advance(1_999);
    const early = breaker.tryAcquire();
    await clock.advance(1);

    expect([early, breaker.tryAcquire()]).toEqual([false, true]);
  });
});
