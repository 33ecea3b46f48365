/** The command line of `npm run load`. */
import { parseArgs } from 'node:util';

export type Shape = 'steady' | 'spike' | 'soak' | 'chaos';

export interface Phase {
  readonly shape: Shape;
  readonly seconds: number;
}

export interface Thresholds {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** Share of the asks that may fail; of a phase with faults `chaosErrors`. */
  readonly errors: number;
  readonly chaosErrors: number;
  /** Share by which memory may grow, once it is warm. */
  readonly growth: number;
}

export interface Options {
  readonly phases: readonly Phase[];
  /** Asks a second. */
  readonly rate: number;
  readonly connections: number;
  readonly workers: number;
  readonly warmUp: number;
  /** Of a gateway that runs already. */
  readonly url: string | undefined;
  readonly thresholds: Thresholds;
  readonly json: string | undefined;
}

const SHAPES: readonly Shape[] = ['steady', 'spike', 'soak', 'chaos'];
/** Every request's id is remembered until the books are checked. */
const MOST_ASKS = 5_000_000;
const SPIKE = 3;
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 };

export const HELP = `Usage: npm run load -- [--steady 60s] [--spike 30s] [--soak 10m] [--chaos 60s] [options]

Asks at a fixed rate, scores every tenth answer, and then checks the books: every answer has its observation, limits held,
use adds up, and each score was learnt once. A request that waits for its turn counts as slow. Phases run in this order;
--steady 60s where none is named.
  --steady TIME      at the rate, as 90s, 10m or 1h
  --spike TIME       thirds: at the rate, at ${SPIKE} times the rate, at the rate
  --soak TIME        at half the rate: is memory flat?
  --chaos TIME       at the rate, while selector, store and gateway processes are killed and models fail (own runtime only)
  --rate N           asks a second (1000)
  --connections N    to the gateway (64)
  --workers N        gateway processes of the own runtime (1; 2 with --chaos)
  --warm-up TIME     at up to 800 a second, that does not count (30s; 5s with --url)
  --url URL          a gateway that runs already, with its admin key in ATP_ADMIN_KEY; its own models answer, and may cost
  --p50 MS --p95 MS --p99 MS   latencies that are still good (100, 500, 1000); not judged under --chaos
  --errors PERCENT   of the asks that may fail (0.1)
  --chaos-errors PERCENT       the same under --chaos (25)
  --growth PERCENT   that memory may grow in a phase of a minute or more (20)
  --json FILE        the figures as JSON; - for stdout
Exit code 0 where all held, 1 where something did not, 2 where the arguments are not valid.
`;

export class UsageError extends Error {}

const seconds = (name: string, text: string): number => {
  const [, amount, unit = ''] = /^(\d{1,6})(s|m|h)$/.exec(text) ?? [];
  const value = Number(amount) * (UNITS[unit] ?? Number.NaN);
  if (value > 0) return value;
  throw new UsageError(`--${name} must be a time such as 30s, 10m or 1h`);
};

const number = (name: string, text: string, least: number, most: number, whole = false): number => {
  const value = /^\d{1,7}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
  throw new UsageError(`--${name} must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}`);
};

const text = { type: 'string' } as const;
const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    options: {
      ...{ steady: text, spike: text, soak: text, chaos: text, url: text, json: text, workers: text },
      ...{ rate: { ...text, default: '1000' }, connections: { ...text, default: '64' } },
      'warm-up': text,
      ...{ p50: { ...text, default: '100' }, p95: { ...text, default: '500' } },
      ...{ p99: { ...text, default: '1000' }, errors: { ...text, default: '0.1' } },
      ...{ 'chaos-errors': { ...text, default: '25' }, growth: { ...text, default: '20' } },
      help: { type: 'boolean', short: 'h', default: false },
    },
  }).values;

/** Undefined where help was asked for. Throws UsageError in one line. */
export const optionsOf = (args: readonly string[]): Options | undefined => {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(args);
  } catch (error) {
    throw new UsageError((error as Error).message.split(/[.\n]/)[0]);
  }
  if (values.help) return undefined;
  const named = SHAPES.flatMap((shape) => {
    const given = values[shape];
    return given === undefined ? [] : [{ shape, seconds: seconds(shape, given) }];
  });
  const phases = named.length > 0 ? named : [{ shape: 'steady' as const, seconds: 60 }];
  const chaos = phases.some(({ shape }) => shape === 'chaos');
  if (chaos && values.url !== undefined)
    throw new UsageError('--chaos kills processes, so it needs a runtime of its own: leave out --url');
  if (values.url !== undefined && !URL.canParse(values.url)) throw new UsageError('--url must be an address');
  const rate = number('rate', values.rate, 1, 100_000);
  if (phases.reduce((sum, phase) => sum + asksOf(phase, rate), 0) > MOST_ASKS)
    throw new UsageError(`that would be more than ${MOST_ASKS} asks: lower --rate or the times`);
  const ms = (name: 'p50' | 'p95' | 'p99'): number => number(name, values[name], 1, 1_000_000);
  const share = (name: 'errors' | 'chaos-errors' | 'growth'): number =>
    number(name, values[name], 0, 1_000) / 100;
  return {
    phases,
    rate,
    connections: number('connections', values.connections, 1, 4_096, true),
    workers: number('workers', values.workers ?? (chaos ? '2' : '1'), 1, 64, true),
    warmUp: seconds('warm-up', values['warm-up'] ?? (values.url === undefined ? '30s' : '5s')),
    url: values.url?.replace(/\/$/, ''),
    thresholds: {
      ...{ p50: ms('p50'), p95: ms('p95'), p99: ms('p99') },
      ...{ errors: share('errors'), chaosErrors: share('chaos-errors'), growth: share('growth') },
    },
    json: values.json,
  };
};

/** Asks a second at a time of the phase, from 0 to 1. */
export const rateAt = ({ shape }: Phase, rate: number, share: number): number => {
  if (shape === 'soak') return rate / 2;
  return shape === 'spike' && share >= 1 / 3 && share < 2 / 3 ? rate * SPIKE : rate;
};

/** Asks that are due once that share of the phase is over. */
export const asksBy = (phase: Phase, rate: number, share: number): number => {
  if (phase.shape !== 'spike') return rateAt(phase, rate, 0) * phase.seconds * share;
  const inSpike = Math.min(Math.max(share - 1 / 3, 0), 1 / 3);
  return rate * phase.seconds * (share + (SPIKE - 1) * inSpike);
};

export const asksOf = (phase: Phase, rate: number): number => asksBy(phase, rate, 1);
