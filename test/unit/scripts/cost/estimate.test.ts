import { describe, expect, it } from 'vitest';
import { ceilingsOf } from '../../../../scripts/cost/ceilings.ts';
import { footprint } from '../../../../scripts/cost/footprint.ts';
import type { Load } from '../../../../scripts/cost/load.ts';
import { optionsOf } from '../../../../scripts/cost/options.ts';
import { estimate, run } from '../../../../scripts/cost/run.ts';
import { itemBytes, measure } from '../../../../scripts/cost/sizes.ts';

const LOAD = ['--rps', '100', '--tokens', '1000'];
const loadOf = (...args: string[]): Load => {
  const options = optionsOf([...LOAD, ...args]);
  if (options === undefined) throw new Error('no help was asked for');
  return options.load;
};
const billed = (...args: string[]) => {
  const options = optionsOf([...LOAD, ...args]);
  if (options === undefined) throw new Error('no help was asked for');
  return estimate(options);
};

describe('what an ask leaves behind', () => {
  it('is measured as DynamoDB counts it', () => {
    expect(itemBytes({ pk: { S: 'äb' }, n: { N: '-12.5' }, b: { B: 'AAAA' } })).toBe(2 + 3 + 1 + 3 + 1 + 3);
  });

  it('grows with the prompt up to what is kept of one', () => {
    const of = (tokens: string) => measure(loadOf('--tokens', tokens)).observation;

    // And a digit or two more in its counts.
    expect(Math.abs(of('2000') - of('1000') - 750 * 4)).toBeLessThan(5);
    expect(Math.abs(of('200000') - of('100000'))).toBeLessThan(5);
  });

  it('is written by two swaps, one booking and one observation where an instance serves one at a time', () => {
    const load = loadOf('--feedback', '0');
    const sizes = { ...measure(load), usage: 1_500, observation: 3_500 };
    const alone = footprint(load, sizes, { processes: 200, isShared: false });

    expect(alone.writeUnits).toBe(100 * (2 * 2 + 2 * 2 + 2 * 4 + 1));
  });

  it('is less where requests of a tenant share their writes', () => {
    const load = loadOf('--tenants', '1', '--rps', '1000');
    const sizes = measure(load);
    const shared = footprint(load, sizes, { processes: 4, isShared: true });

    expect(shared.writeUnits).toBeLessThan(
      footprint(load, sizes, { processes: 4, isShared: false }).writeUnits,
    );
  });

  it('is told on the event bus once, a hundred at a time under load and each second where there is little', () => {
    const at = (rps: string) => {
      const load = loadOf('--rps', rps);
      const { events, eventRuns } = footprint(load, measure(load), { processes: 4, isShared: true });
      return [events, eventRuns];
    };

    expect(at('0.5')).toEqual([0.5, 0.5]);
    expect(at('20')).toEqual([20, 4]);
    expect(at('1000')).toEqual([1_000, 10]);
  });

  it('bounds what one key can carry', () => {
    const load = loadOf('--latency-ms', '500');
    const sizes = { ...measure(load), usage: 1_500, observation: 3_500, feedback: 900, config: 5_000 };

    expect(ceilingsOf(load, sizes)).toEqual({
      tenantLimits: 1_000 / (2 * 4),
      tenantIndex: 1_000,
      observationShard: 1_000 / 8,
      // Two units a refresh, and .53 instances for each ask a second.
      configuration: 3_000 / (2 * 0.53),
      outbox: 1_000 / 0.2,
    });
  });
});

describe('npm run cost', () => {
  it('charges functions for waiting, and managed instances less so', () => {
    const onDemand = billed().chosen.services;
    const managed = billed('--compute', 'managed-instances').chosen.services;

    expect(onDemand.Lambda).toBeGreaterThan(10 * (managed.Lambda ?? 0));
    expect(billed('--latency-ms', '4000').chosen.services.Lambda).toBeGreaterThan(
      1.8 * (onDemand.Lambda ?? 0),
    );
  });

  it('costs less than containers below the break-even, and more above', () => {
    const { breakEvenRps = 0 } = billed();
    const at = (rps: number) => billed('--rps', String(rps));

    expect(breakEvenRps).toBeGreaterThan(0.1);
    expect(at(breakEvenRps * 0.9).chosen.usd).toBeLessThan(at(breakEvenRps * 0.9).containers.usd);
    expect(at(breakEvenRps * 1.1).chosen.usd).toBeGreaterThan(at(breakEvenRps * 1.1).containers.usd);
  });

  it('has a web ACL where the stage has one, unless it is told otherwise', () => {
    expect(billed().chosen.services.WAF).toBeGreaterThan(0);
    expect(billed('--no-waf').chosen.services.WAF).toBeUndefined();
    expect(billed('--stage', 'dev').chosen.services.WAF).toBeUndefined();
    expect(billed('--stage', 'dev', '--waf').chosen.services.WAF).toBeGreaterThan(0);
  });

  it('charges events by the million, whatever computes', () => {
    const { chosen, containers } = billed();

    expect(chosen.services.EventBridge).toBeCloseTo(100 * 2.628, 6);
    expect(containers.services.EventBridge).toBe(chosen.services.EventBridge);
  });

  it('says from where on managed instances are worth it', () => {
    const { switchRps = 0 } = billed();
    const usd = (rps: number, compute: string) =>
      billed('--rps', String(rps), '--compute', compute).chosen.usd;

    expect(usd(switchRps * 0.9, 'on-demand')).toBeLessThan(usd(switchRps * 0.9, 'managed-instances'));
    expect(usd(switchRps * 1.1, 'on-demand')).toBeGreaterThan(usd(switchRps * 1.1, 'managed-instances'));
  });

  it('tells people and programs the same', () => {
    const parsed = JSON.parse(run([...LOAD, '--json'])) as { chosen: { usd: number }; prices: object };
    const text = run(LOAD);

    expect(parsed.prices).toEqual({ region: 'us-east-1', as_of: '2026-11-28' });
    expect(text).toContain(Math.round(parsed.chosen.usd).toLocaleString('en-US'));
    expect(text).toContain('List prices of us-east-1 as of 2026-11-28');
  });

  it.each([
    [['--tokens', '5'], '--rps is needed'],
    [['--rps', 'many', '--tokens', '5'], '--rps must be a number'],
    [[...LOAD, '--feedback', '2'], '--feedback must be a number from 0 to 1'],
    [[...LOAD, '--stage', 'moon'], '--stage must be one of dev, staging, prod'],
    [[...LOAD, '--compute', 'magic'], '--compute must be one of on-demand, managed-instances'],
    [[...LOAD, '--tokens-out', '2000'], '--tokens-out must be a number from 0 to 1000'],
  ])('refuses %j in one line', (args, message) => {
    expect(() => run(args)).toThrow(message);
  });

  it('explains itself', () => {
    expect(run(['--help'])).toContain('Usage: npm run cost');
  });
});
