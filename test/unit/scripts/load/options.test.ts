import { describe, expect, it } from 'vitest';
import { asksBy, asksOf, HELP, optionsOf, rateAt } from '../../../../scripts/load/options.ts';
import { run } from '../../../../scripts/load/run.ts';

const quiet = (): void => undefined;

describe('npm run load takes', () => {
  it('a minute at 1,000 asks a second, where nothing is said', () => {
    expect(optionsOf([])).toMatchObject({
      phases: [{ shape: 'steady', seconds: 60 }],
      rate: 1_000,
      workers: 1,
      thresholds: { p50: 100, p95: 500, p99: 1_000, errors: 0.001, growth: 0.2 },
    });
  });

  it('phases in their own order, in seconds, minutes and hours', () => {
    const { phases } = optionsOf(['--soak', '1h', '--spike', '2m', '--steady', '5s', '--rate', '10']) ?? {};

    expect(phases?.map(({ shape, seconds }) => [shape, seconds])).toEqual([
      ['steady', 5],
      ['spike', 120],
      ['soak', 3_600],
    ]);
  });

  it('two gateway processes where one is to be killed', () => {
    expect(optionsOf(['--chaos', '1m'])?.workers).toBe(2);
  });

  it.each([
    [['--steady', '5'], '--steady must be a time'],
    [['--steady', '0s'], '--steady must be a time'],
    [['--rate', '0'], '--rate must be a number from 1'],
    [['--rate', '1e3'], '--rate must be a number from 1'],
    [['--connections', '1.5'], '--connections must be a whole number'],
    [['--url', 'here'], '--url must be an address'],
    [['--url', 'http://127.0.0.1:1', '--chaos', '1m'], 'leave out --url'],
    [['--soak', '90h'], 'more than 5000000 asks'],
    [['--fast'], "Unknown option '--fast'"],
  ])('no %j, and says why in one line', (args, message) => {
    expect(() => optionsOf(args)).toThrow(message);
  });

  it('no gateway that runs already without its admin key', async () => {
    await expect(run(['--url', 'http://127.0.0.1:1'], {}, quiet)).rejects.toThrow('ATP_ADMIN_KEY');
  });

  it('a wish for help', async () => {
    expect(await run(['--help'], {}, quiet)).toEqual({ text: HELP, code: 0 });
  });
});

describe('a phase', () => {
  it('that spikes asks three times as much in its second third', () => {
    const spike = { shape: 'spike', seconds: 30 } as const;

    expect([0, 0.4, 0.7].map((share) => rateAt(spike, 10, share))).toEqual([10, 30, 10]);
    expect([1 / 3, 2 / 3, 1].map((share) => Math.round(asksBy(spike, 10, share)))).toEqual([100, 400, 500]);
  });

  it('that soaks asks half as much', () => {
    expect(asksOf({ shape: 'soak', seconds: 100 }, 10)).toBe(500);
  });
});
