/** `npm run cost`: arguments in, text out. */
import { type Bill, billOf, breakEven } from './bill.ts';
import { type Ceilings, ceilingsOf } from './ceilings.ts';
import { containers, functions } from './deployments.ts';
import type { Compute, Load } from './load.ts';
import { HELP, type Options, optionsOf } from './options.ts';
import { PRICES_AS_OF, PRICES_REGION } from './prices.ts';
import { report } from './report.ts';
import { measure, type Sizes } from './sizes.ts';

export interface Estimate {
  readonly load: Load;
  readonly stage: string;
  readonly sizes: Sizes;
  readonly chosen: Bill;
  readonly containers: Bill;
  /** Asks a second; undefined where containers are never cheaper. */
  readonly breakEvenRps: number | undefined;
  /** From there on managed instances cost less than functions on demand. */
  readonly switchRps: number | undefined;
  /** Asks a second of one tenant, and of all of them in one partition of a day, beyond which DynamoDB throttles. */
  readonly ceilings: Ceilings;
}

export const estimate = ({ load, stage, compute, tables }: Omit<Options, 'json'>): Estimate => {
  const sizes = measure(load);
  const as = (how: Compute, rps: number): Bill => billOf(functions({ ...load, rps }, sizes, how));
  const asFunctions = (rps: number): Bill => as(compute, rps);
  const asContainers = (rps: number): Bill => billOf(containers({ ...load, rps }, sizes, tables));
  return {
    load,
    stage,
    sizes,
    chosen: asFunctions(load.rps),
    containers: asContainers(load.rps),
    breakEvenRps: breakEven(
      (rps) => asFunctions(rps).usd,
      (rps) => asContainers(rps).usd,
    ),
    switchRps: breakEven(
      (rps) => as('on-demand', rps).usd,
      (rps) => as('managed-instances', rps).usd,
    ),
    ceilings: ceilingsOf(load, sizes),
  };
};

/** What to print. Throws with one line where the arguments are not valid. */
export const run = (args: readonly string[]): string => {
  const options = optionsOf(args);
  if (options === undefined) return HELP;
  const estimated = estimate(options);
  if (!options.json) return report(estimated);
  const { breakEvenRps, switchRps, ...rest } = estimated;
  const prices = { region: PRICES_REGION, as_of: PRICES_AS_OF };
  return `${JSON.stringify({ prices, break_even_rps: breakEvenRps ?? null, switch_rps: switchRps ?? null, ...rest }, null, 2)}\n`;
};
