import { beforeEach, describe, expect, it } from 'vitest';
import type { AdapterHealth } from '../../../../shared/services/health/adapter-health.ts';
import { healthOf } from '../../../../shared/services/health/standing.ts';
import { breakOpen, FAILED, FIVE, OK, SharedHealth } from '../../../support/fakes/health.ts';

const A = { id: 'a', updated_at: '2026-01-01T00:00:00.000Z' };
const A_ANEW = { id: 'a', updated_at: '2026-01-02T00:00:00.000Z' };

let shared: SharedHealth;
let one: AdapterHealth;
let other: AdapterHealth;
beforeEach(() => {
  shared = new SharedHealth();
  one = shared.instance();
  other = shared.instance();
});

describe('a breaker that opens', () => {
  it('is written by the flush that follows, and known elsewhere at the next reading', async () => {
    await breakOpen(one, A);

    expect(one.passageOf(A)).toBe('wait');
    expect(other.passageOf(A)).toBe('call');
    await other.read();
    expect(other.passageOf(A)).toBe('wait');
  });

  it('opens by the failures of several instances together', async () => {
    for (const instance of [one, other, one, other, one]) {
      await shared.clock.advance(1_000);
      instance.record(A, FAILED);
      await instance.flush();
    }

    await other.read();
    expect(other.passageOf(A)).toBe('wait');
  });

  it('lets one instance try, and closes for all when it succeeded', async () => {
    await breakOpen(one, A);
    await other.read();
    await shared.clock.advance(7_500);

    const claims = await Promise.all([one.claim(A, 1_000), other.claim(A, 1_000)]);

    expect(claims.filter(Boolean)).toHaveLength(1);
    const [winner, loser] = claims[0] === true ? [one, other] : [other, one];
    expect(loser.passageOf(A)).toBe('wait');
    winner.record(A, { ...OK, probe: true });
    await winner.flush();
    await loser.read();
    expect(loser.passageOf(A)).toBe('call');
  });

  it("of a tenant's own account says nothing of the shared one, nor of another tenant's, nor of a newer key", async () => {
    const of = (tenant_id: string, updated_at = A.updated_at) => ({
      ...A,
      updated_at,
      account: { tenant_id, secret_name: 's' },
    });
    await breakOpen(one, of('acme'));
    await other.read();

    for (const instance of [one, other])
      expect(
        [of('acme'), of('globex'), A, of('acme', A_ANEW.updated_at)].map((named) =>
          instance.passageOf(named),
        ),
      ).toEqual(['wait', 'call', 'call', 'call']);
    await breakOpen(one, A);
    expect(one.passageOf(of('globex'))).toBe('call');
  });

  it('is not claimed before its time, nor when it is closed', async () => {
    expect(await one.claim(A, 1_000)).toBe(false);
    await breakOpen(one, A);
    expect(await one.claim(A, 1_000)).toBe(false);
  });

  it('is known to its own instance while the store is away, and told when that is back', async () => {
    shared.store.isAway = true;
    await breakOpen(one, A);
    await shared.clock.advance(7_500);

    expect(one.passageOf(A)).toBe('probe');
    expect(await one.claim(A, 1_000)).toBe(false);
    await one.read();

    shared.store.isAway = false;
    await shared.clock.advance(1_000);
    await one.flush();
    await other.read();
    expect(other.recordOf(A).open).toEqual(one.recordOf(A).open);
  });

  it('costs no write a request while the store is away', async () => {
    shared.store.isAway = true;
    await breakOpen(one, A);
    const { swaps } = shared.store;

    await one.flush();

    expect(shared.store.swaps).toBe(swaps);
  });
});

describe('averages', () => {
  it('are written with the first call, and then every five seconds', async () => {
    for (let second = 0; second < 12; second++) {
      one.record(A, { ...OK, wholeMs: 100 });
      await one.flush();
      await shared.clock.advance(1_000);
    }

    expect(shared.store.swaps).toBe(3);
    await other.read();
    expect(other.recordOf(A)).toMatchObject({ latency_ms: 100, consecutive: 0 });
  });

  it('are written a second after the last time where a call failed', async () => {
    for (let count = 0; count < 4; count++) {
      one.record(A, count % 2 === 0 ? OK : FAILED);
      await one.flush();
      await shared.clock.advance(600);
    }

    expect(shared.store.swaps).toBe(2);
  });

  it('of instances that write at once are all counted', async () => {
    const instances = Array.from({ length: 4 }, () => shared.instance());
    for (const instance of instances) instance.record(A, { ...OK, wholeMs: 100 });

    await Promise.all(instances.map((instance) => instance.flush()));

    await other.read();
    expect(other.recordOf(A).calls).toBeCloseTo(4);
  });

  it('are left alone by what says nothing', () => {
    one.record(A, { result: 'neutral', probe: false });

    expect(one.flush()).toBeUndefined();
  });
});

describe('a model that is registered anew', () => {
  it('begins with a clean slate, also where it was known as broken', async () => {
    await breakOpen(one, A);
    await other.read();

    expect(other.passageOf(A_ANEW)).toBe('call');
    other.record(A_ANEW, FAILED);
    await other.flush();

    await one.read();
    expect(one.passageOf(A_ANEW)).toBe('call');
    expect(one.recordOf(A_ANEW).consecutive).toBe(1);
  });

  it('is not blamed for what calls of the earlier registration end as', async () => {
    one.record(A_ANEW, OK);
    await breakOpen(one, A);

    expect(one.passageOf(A_ANEW)).toBe('call');
    expect(await one.claim(A, 1_000)).toBe(false);
  });

  it('wins over an instance that had not heard of it', async () => {
    one.record(A, OK);
    await one.flush();
    other.record(A_ANEW, OK);
    await other.read();
    await other.flush();

    await shared.clock.advance(6_000);
    one.record(A, OK);
    await one.flush();

    expect((await shared.store.get('a'))?.registered).toBe(A_ANEW.updated_at);
  });
});

describe('how a model stands', () => {
  it('is well where nothing is known', () => {
    expect(one.standingOf(A)).toEqual({ availability: 1 });
  });

  it('is worth less where calls fail', () => {
    one.record(A, FAILED);

    expect(one.standingOf(A)).toEqual({ availability: 1 - 1 / 11 });
  });

  it('is held back while its breaker is open or somebody tries it, and uncertain between', async () => {
    await breakOpen(one, A);
    expect(one.standingOf(A)).toEqual({ availability: 0.5, heldBack: 'breaker_open' });

    await shared.clock.advance(7_500);
    expect(one.standingOf(A)).toEqual({ availability: 0.5 });

    await one.claim(A, 1_000);
    expect(one.standingOf(A)).toEqual({ availability: 0.5, heldBack: 'unhealthy' });
  });
});

describe('what operators read', () => {
  it('tells a model that was never called as healthy', () => {
    expect(healthOf(A, undefined, 0)).toEqual({
      state: 'healthy',
      breaker: 'closed',
      error_rate: 0,
      latency_ms_ewma: null,
      checked_at: null,
      last_error_code: null,
    });
  });

  it('tells state, breaker, share of errors and latencies', async () => {
    for (let count = 0; count < 3; count++) one.record(A, { ...OK, wholeMs: 120, firstMs: 30 });
    one.record(A, FAILED);
    const now = shared.clock.now();

    expect(healthOf(A, one.recordOf(A), now)).toEqual({
      state: 'healthy',
      breaker: 'closed',
      error_rate: 0.25,
      latency_ms_ewma: 120,
      latency_p95_ms: 120,
      first_byte_p95_ms: 30,
      checked_at: new Date(now).toISOString(),
      last_error_code: 'provider_error',
    });
    one.record(A, FAILED);
    expect(healthOf(A, one.recordOf(A), now).state).toBe('degraded');
    for (let count = 0; count < FIVE; count++) one.record(A, FAILED);
    expect(healthOf(A, one.recordOf(A), now)).toMatchObject({ state: 'unhealthy', breaker: 'open' });
    expect(healthOf(A, one.recordOf(A), now + 7_500).breaker).toBe('half_open');
    expect(healthOf(A_ANEW, one.recordOf(A), now).state).toBe('healthy');
  });
});
