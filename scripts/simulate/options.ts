/** The command line of `npm run simulate`. */
import { parseArgs } from 'node:util';

export const HELP = `Usage: npm run simulate -- [options]

Drives what decides in the gateway (limits, selector, breaker) by a clock of its own, without network or store: tenants that
ask more than they may, instances with overtaken copies, processes that die, models that fail for a while. Checks by plain
lists that no sliding window, budget or number in flight is ever exceeded and that the breakers do as documented, and tells
what a request takes. Ends with 1 where something did not hold.

  --tenants N[,N…]   one run for each number of tenants (500,5000)
  --each N           requests of each tenant, on average (10)
  --seed N           of all that is drawn (1)
  --growth N         the most that a request of the last run may take, as a multiple of one in the first (2.5)
  --json             the numbers as JSON
  --help             this

The big one, some minutes: npm run simulate -- --tenants 1000,10000,100000 --each 30
`;

export interface Options {
  readonly tenants: readonly number[];
  readonly each: number;
  readonly seed: number;
  readonly growth: number;
  readonly json: boolean;
}

const whole = (name: string, text: string, least: number, most: number): number => {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new Error(`--${name} must be a whole number from ${least} to ${most}`);
};

/** Undefined where help is asked for. Throws with one line. */
export const optionsOf = (args: readonly string[]): Options | undefined => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      tenants: { type: 'string', default: '500,5000' },
      each: { type: 'string', default: '10' },
      seed: { type: 'string', default: '1' },
      growth: { type: 'string', default: '2.5' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const growth = Number(values.growth);
  if (!(growth >= 1 && growth <= 1_000)) throw new Error('--growth must be a number from 1 to 1000');
  return {
    tenants: values.tenants.split(',').map((text) => whole('tenants', text, 1, 1_000_000)),
    each: whole('each', values.each, 1, 1_000_000),
    seed: whole('seed', values.seed, 0, 999_999_999),
    growth,
    json: values.json,
  };
};
