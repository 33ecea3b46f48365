import { describe, expect, it } from 'vitest';
import {
  configCheck,
  modelCheck,
  modelsCheck,
  secretsCheck,
  selectorCheck,
} from '../../../functions/status/checks.ts';
import { type Check, HealthChecks, type HealthStatus } from '../../../functions/status/health.ts';
import { MemorySecretStore } from '../../../shared/adapters/memory/secret-store.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';

const finding =
  (status: HealthStatus): Check =>
  async () => ({ status, message: status });

describe('health checks', () => {
  it.each<[HealthStatus, HealthStatus[]]>([
    ['healthy', []],
    ['healthy', ['healthy', 'healthy']],
    ['degraded', ['healthy', 'degraded']],
    ['unhealthy', ['unhealthy', 'degraded', 'healthy']],
  ])('are %s in all where they are %j', async (worst, found) => {
    const checks = Object.fromEntries(found.map((status, index) => [`check${index}`, finding(status)]));

    expect((await new HealthChecks(checks, new ManualClock()).report()).status).toBe(worst);
  });

  it('say how long they took', async () => {
    const clock = new ManualClock();
    const slow: Check = async () => {
      await clock.sleep(120);
      return { status: 'healthy', message: 'slow' };
    };
    const report = new HealthChecks({ slow }, clock).report();
    await clock.advance(120);

    expect((await report).checks.slow).toEqual({ status: 'healthy', message: 'slow', latency_ms: 120 });
  });

  it('are unhealthy without the words of what they threw', async () => {
    const away: Check = () => Promise.reject(new Error('secret words'));

    expect((await new HealthChecks({ away }, new ManualClock()).report()).checks.away).toEqual({
      status: 'unhealthy',
      message: 'cannot be reached',
      latency_ms: 0,
    });
  });

  it('wait no longer than two seconds', async () => {
    const clock = new ManualClock();
    const hung: Check = () => new Promise(() => undefined);
    const report = new HealthChecks({ hung, fine: finding('healthy') }, clock).report();
    await clock.advance(2_000);

    expect((await report).checks).toMatchObject({
      hung: { status: 'unhealthy', message: 'no answer within 2000 ms' },
      fine: { status: 'healthy' },
    });
  });

  it('are remembered for a second, so that probes cost little', async () => {
    const clock = new ManualClock();
    let runs = 0;
    const counted: Check = async () => {
      runs += 1;
      return { status: 'healthy', message: '' };
    };
    const checks = new HealthChecks({ counted }, clock);

    await Promise.all([checks.report(), checks.report()]);
    await clock.advance(999);
    await checks.report();
    const within = runs;
    await clock.advance(1);
    await checks.report();

    expect([within, runs]).toEqual([1, 2]);
  });
});

describe('what is checked', () => {
  it('the config table', async () => {
    expect((await configCheck(new FakeGateway().config)()).status).toBe('healthy');
  });

  it('the pepper in the secret store', async () => {
    const statuses = [
      (await secretsCheck(new MemorySecretStore({ pepper: 'x' }))()).status,
      (await secretsCheck(new MemorySecretStore())()).status,
    ];

    expect(statuses).toEqual(['healthy', 'unhealthy']);
  });

  it('the model that finds names, opened once and not kept', async () => {
    const states: string[] = [];
    const check = modelCheck(async () => {
      states.push('opened');
      return {
        reader: { read: async () => [] },
        ended: new Promise<void>(() => undefined),
        end: async () => void states.push('ended'),
      };
    });
    const found = await Promise.all([check(), check()]);

    expect([...found, await check()].map(({ status }) => status)).toEqual(['healthy', 'healthy', 'healthy']);
    expect(states).toEqual(['opened', 'ended']);
  });

  it('the model again, after it could not be opened', async () => {
    let tries = 0;
    const check = modelCheck(() => Promise.reject(new Error(`broken, ${++tries}`)));

    await expect(check()).rejects.toThrow('broken, 1');
    await expect(check()).rejects.toThrow('broken, 2');
  });

  it('no model where there is none', async () => {
    expect(await modelCheck(undefined)()).toMatchObject({
      status: 'healthy',
      message: expect.stringContaining('patterns'),
    });
  });

  it.each<[HealthStatus, boolean[]]>([
    ['healthy', []],
    ['healthy', [true, false]],
    ['degraded', [true, false, false]],
    ['unhealthy', [false]],
  ])('the models: %s where %j are enabled', async (status, enabled) => {
    const gateway = new FakeGateway();
    for (const [index, isEnabled] of enabled.entries())
      await gateway.withModel(`m${index}`, { enabled: isEnabled });

    expect((await modelsCheck(gateway.config, gateway.health, gateway.clock)()).status).toBe(status);
  });

  it('the Rust selector, whose loss does not take the service out', async () => {
    const gateway = new FakeGateway();
    const there = await selectorCheck(gateway.rust)();
    gateway.rust.behaviour = () => Promise.reject(new Error('killed'));
    const gone = await selectorCheck(gateway.rust)();

    expect([there.status, gone.status]).toEqual(['healthy', 'healthy']);
    expect(gone.message).toContain('does not answer');
  });
});

describe('health routes', () => {
  it.each(['/healthz', '/livez', '/readyz', '/startupz'])('%s answers without a key', async (path) => {
    expect((await new FakeGateway().call(`GET ${path}`)).status).toBe(200);
  });

  it('answer 503 with retry-after where anything is unhealthy', async () => {
    const gateway = new FakeGateway();
    await gateway.secrets.delete('pepper');

    expect(await gateway.call('GET /readyz')).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
      json: {
        status: 'unhealthy',
        checks: { secrets: { status: 'unhealthy' }, dynamodb: { status: 'healthy' } },
      },
    });
    expect((await gateway.call('GET /livez')).status).toBe(200);
  });
});

describe('what checks took', () => {
  it('is measured once for each report, however often that is told', async () => {
    const gateway = new FakeGateway();
    await gateway.call('GET /readyz');
    await gateway.call('GET /readyz');
    const [first, again] = gateway.log.endings.map(({ scope }) => scope.facts.checks);

    expect(Object.keys(first ?? {})).toEqual(['dynamodb', 'secrets', 'models', 'selector', 'drain']);
    expect(first?.dynamodb).toEqual({ status: 'healthy', latency_ms: 0 });
    expect(again).toBeUndefined();
  });
});
