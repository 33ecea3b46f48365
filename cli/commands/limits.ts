/** The options that set limits, a tenant's or a key's. */
import type { Command } from 'commander';
import { given, numberOf } from '../session.ts';

export interface LimitOptions {
  rps?: number;
  rpm?: number;
  rph?: number;
  tokensPerDay?: number;
  costPerDay?: number;
  concurrent?: number;
}

export const limiting = (command: Command): Command =>
  command
    .option('--rps <n>', 'requests a second', numberOf)
    .option('--rpm <n>', 'requests a minute', numberOf)
    .option('--rph <n>', 'requests an hour', numberOf)
    .option('--tokens-per-day <n>', 'tokens a day', numberOf)
    .option('--cost-per-day <usd>', 'dollars a day', numberOf)
    .option('--concurrent <n>', 'requests at once', numberOf);

/** As the routes take them. */
export const rateLimitOf = (options: LimitOptions): Record<string, unknown> =>
  given({
    rps: options.rps,
    rpm: options.rpm,
    rph: options.rph,
    tokens_per_day: options.tokensPerDay,
    cost_per_day_usd: options.costPerDay,
    concurrent: options.concurrent,
  });
