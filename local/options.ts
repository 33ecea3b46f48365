/** The command line of `npm start`. */
import { parseArgs } from 'node:util';
import { StartError } from './data-dir/layout.ts';

export interface Options {
  port: number;
  host: string;
  data: string;
  /** A file with the issuers that are trusted. */
  identity: string | undefined;
  workers: number;
  fresh: boolean;
  empty: boolean;
  quiet: boolean;
}

const USAGE_ERROR = 2;
const MOST_WORKERS = 64;

const integer = (name: string, text: string, least: number, most: number): number => {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new StartError(`--${name} must be a number from ${least} to ${most}. See --help.`, USAGE_ERROR);
};

const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '8787' },
      host: { type: 'string', default: '127.0.0.1' },
      data: { type: 'string', default: '.atp' },
      identity: { type: 'string' },
      workers: { type: 'string', default: '1' },
      fresh: { type: 'boolean', default: false },
      empty: { type: 'boolean', default: false },
      quiet: { type: 'boolean', default: false },
    },
  }).values;

/** Throws StartError with exit code 2. */
export const parseOptions = (args: readonly string[]): Options => {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(args);
  } catch (error) {
    const [sentence = 'The command line is not valid'] = (error as Error).message.split(/[.\n]/);
    throw new StartError(`${sentence}. See --help.`, USAGE_ERROR);
  }
  if (values.data === '') throw new StartError('--data needs a directory. See --help.', USAGE_ERROR);
  if (!/^[A-Za-z0-9.:_-]{1,253}$/.test(values.host)) {
    throw new StartError('--host must be a name or an address. See --help.', USAGE_ERROR);
  }
  return {
    port: integer('port', values.port, 0, 65_535),
    host: values.host,
    data: values.data,
    identity: values.identity,
    workers: integer('workers', values.workers, 1, MOST_WORKERS),
    fresh: values.fresh,
    empty: values.empty,
    quiet: values.quiet,
  };
};
