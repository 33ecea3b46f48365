/** The command line of `npm run cost`. */
import { parseArgs } from 'node:util';
import { type StageName, stageOptions } from '../../infra/stage.ts';
import { ANSWER_SHARE, type Capacity, type Compute, type Load } from './load.ts';

export const HELP = `Usage: npm run cost -- --rps N --tokens N [options]

A month's AWS bill by service for that load, at list prices of us-east-1, beside the same load on containers that always
run, and the load at which both cost the same. What models cost is not in it. Nothing is sent anywhere.

  --rps N               asks a second, averaged over the month
  --tokens N            tokens of an ask, prompt and answer together
  --tokens-out N        of these the answer's (a quarter)
  --latency-ms N        how long a provider takes for an answer (2000)
  --peak N              the busiest time, as a multiple of the average (2)
  --tenants N           tenants that ask at the same time (100)
  --feedback N          share of asks that are scored (.1)
  --models N            registered models (5)
  --stage NAME          dev, staging or prod: memory, logs, web ACL (prod)
  --compute NAME        on-demand or managed-instances (on-demand)
  --tables NAME         of the containers: on-demand or provisioned (on-demand)
  --waf, --no-waf       with a web ACL before it, or without (as the stage has it)
  --json                all lines as JSON
  --help                this
`;

export interface Options {
  readonly load: Load;
  readonly stage: StageName;
  readonly compute: Compute;
  readonly tables: Capacity;
  readonly json: boolean;
}

const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    allowNegative: true,
    options: {
      rps: { type: 'string' },
      tokens: { type: 'string' },
      'tokens-out': { type: 'string' },
      'latency-ms': { type: 'string', default: '2000' },
      peak: { type: 'string', default: '2' },
      tenants: { type: 'string', default: '100' },
      feedback: { type: 'string', default: '.1' },
      models: { type: 'string', default: '5' },
      stage: { type: 'string', default: 'prod' },
      compute: { type: 'string', default: 'on-demand' },
      tables: { type: 'string', default: 'on-demand' },
      waf: { type: 'boolean' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  }).values;

const numberOf = (name: string, text: string | undefined, least: number, most: number): number => {
  if (text === undefined) throw new Error(`--${name} is needed; --help says more`);
  const value = /^\d*\.?\d+(e\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new Error(`--${name} must be a number from ${least} to ${most}`);
};

const oneOf = <Name extends string>(name: string, text: string, names: readonly Name[]): Name => {
  const found = names.find((one) => one === text);
  if (found === undefined) throw new Error(`--${name} must be one of ${names.join(', ')}`);
  return found;
};

/** Undefined where help is asked for. Throws with one line. */
export const optionsOf = (args: readonly string[]): Options | undefined => {
  const values = parse(args);
  if (values.help) return undefined;
  const stage = oneOf('stage', values.stage, ['dev', 'staging', 'prod']);
  const { functionMemoryMb, logRetentionDays, webAcl } = stageOptions(stage);
  const tokens = numberOf('tokens', values.tokens, 1, 1e7);
  return {
    stage,
    compute: oneOf('compute', values.compute, ['on-demand', 'managed-instances']),
    tables: oneOf('tables', values.tables, ['on-demand', 'provisioned']),
    json: values.json,
    load: {
      rps: numberOf('rps', values.rps, 0.001, 1e6),
      tokens,
      tokensOut:
        values['tokens-out'] === undefined
          ? Math.round(tokens * ANSWER_SHARE)
          : numberOf('tokens-out', values['tokens-out'], 0, tokens),
      latencyMs: numberOf('latency-ms', values['latency-ms'], 0, 900_000),
      peak: numberOf('peak', values.peak, 1, 1_000),
      tenants: numberOf('tenants', values.tenants, 1, 1e7),
      feedback: numberOf('feedback', values.feedback, 0, 1),
      models: numberOf('models', values.models, 1, 1_000),
      functionMemoryMb,
      logRetentionDays,
      withWaf: values.waf ?? webAcl !== undefined,
    },
  };
};
