import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Quantile } from '../../../shared/model/health.ts';
import { afterCall, passageOf, unknownHealth } from '../../../shared/services/health/breaker.ts';
import { withSample } from '../../../shared/services/health/quantile.ts';
import { breakOpen, FAILED, OK, SharedHealth } from '../../support/fakes/health.ts';
import { seededRandom } from '../../support/fakes/seeded-random.ts';

const A = { id: 'a', updated_at: '2026-01-01T00:00:00.000Z' };
const INSTANCES = 3;
const LEASE_MS = 2_000;

const step = fc.oneof(
  fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 6_000 }) }),
  fc.record({
    kind: fc.constantFrom('fail' as const, 'read' as const, 'try' as const, 'end' as const),
    who: fc.integer({ min: 0, max: INSTANCES - 1 }),
    well: fc.boolean(),
  }),
);

describe('breakers of several instances', () => {
  it('never let two try a model at once, whatever they know of each other', async () => {
    let tries = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 90 }), async (steps) => {
        const shared = new SharedHealth();
        const instances = Array.from({ length: INSTANCES }, (_, index) => shared.seeded(index + 1));
        /** Until when whoever tries has the say. */
        const trying = new Map<number, number>();
        const now = (): number => shared.clock.now();
        const [first] = instances;
        if (first !== undefined) await breakOpen(first, A);
        for (const one of steps) {
          if (one.kind === 'wait') {
            await shared.clock.advance(one.ms);
            continue;
          }
          const instance = instances[one.who];
          if (instance === undefined) continue;
          if (one.kind === 'read') await instance.read();
          else if (one.kind === 'fail') {
            // Calls only where they may be made.
            if (instance.passageOf(A) === 'call') instance.record(A, FAILED);
            await instance.flush();
          } else if (one.kind === 'end') {
            const until = trying.get(one.who);
            if (until === undefined || until <= now()) continue;
            instance.record(A, { ...(one.well ? OK : FAILED), probe: true });
            trying.delete(one.who);
            await instance.flush();
          } else {
            // All of them ask, the chosen one first.
            const order = [one.who, ...instances.keys()];
            const claims = await Promise.all(
              order.map(async (who) => (await instances[who]?.claim(A, LEASE_MS)) === true),
            );
            const alive = [...trying.values()].filter((until) => until > now()).length;
            const won = order.filter((_, index) => claims[index]);
            expect(alive + won.length).toBeLessThanOrEqual(1);
            tries += won.length;
            for (const who of won) trying.set(who, now() + LEASE_MS);
          }
        }
      }),
      { numRuns: 60 },
    );
    expect(tries).toBeGreaterThan(60);
  });

  it('lets nothing through while it is open, and always again some day', () => {
    const outcomes = fc.array(
      fc.record({
        at: fc.integer({ min: 0, max: 600_000 }),
        result: fc.constantFrom('ok' as const, 'failed' as const, 'neutral' as const),
        probe: fc.boolean(),
        draw: fc.double({ min: 0, max: 0.999_999, noNaN: true }),
        retryAfterMs: fc.integer({ min: 0, max: 1e9 }),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(outcomes, (calls) => {
        let record = unknownHealth('a', A.updated_at);
        let latest = 0;
        for (const call of calls.toSorted((one, other) => one.at - other.at)) {
          record = afterCall(record, call);
          latest = call.at;
          expect(record.failures).toBeLessThanOrEqual(record.calls + 1e-9);
          if (record.open !== undefined && latest < record.open.until)
            expect(passageOf(record, latest)).toBe('wait');
        }
        expect(passageOf(record, latest + 600_001)).not.toBe('wait');
      }),
    );
  });
});

describe('the running 95th percentile', () => {
  it.each([
    ['uniform', (next: () => number) => 100 + 900 * next()],
    ['heavy-tailed', (next: () => number) => 50 / Math.sqrt(1 - next())],
    ['exponential', (next: () => number) => -200 * Math.log(1 - next())],
  ])('is exceeded by about one in twenty of %s latencies', (_, draw) => {
    const { next } = seededRandom(5);
    let known: Quantile | undefined;
    let above = 0;
    const COUNT = 20_000;
    for (let index = 0; index < COUNT; index++) {
      const ms = draw(next);
      if (known !== undefined && index > 500 && ms > known.ms) above += 1;
      known = withSample(known, ms);
    }

    expect(above / COUNT).toBeGreaterThan(0.04);
    expect(above / COUNT).toBeLessThan(0.06);
  });

  it('is a positive number whatever the latencies are', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { minLength: 1 }), (latencies) => {
        const end = latencies.reduce<Quantile | undefined>(withSample, undefined);
        expect(end?.ms).toBeGreaterThan(0);
        expect(end?.ms).toBeLessThan(2e7);
      }),
    );
  });
});
