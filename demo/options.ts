/** The command line of `npm run demo`. */
import { parseArgs } from 'node:util';
import { DemoError } from './demo-error.ts';

export const HELP = `Usage: npm run demo -- [options]

Sends real prompts through a running router whose models answer with the recorded quality and price of nine real
ones, gives each answer's score back, and shows what the router makes of it. About two minutes; nothing to sign up for.

  --requests <n>  how many prompts to send                     (300)
  --limit <n>     so many different prompts                    (300)
  --fast          no simulated latency and no pauses
  --seed <n>      which prompts of a directory, and their order (1)
  --data <dir>    draws the prompts from a directory, by the seed; it holds llmrouter-9models-train.jsonl.gz. Without
                  it, from ../shared/data/routing where that is one, else the sample in demo/data
  --sample        the sample in any case
  --svg <file>    where the plot goes                          (.atp-demo/demo.svg)
  --json          print the result as JSON, and nothing else, on standard output
  --url <url>     a router that runs already; it must have no models but the demo's
  --key <key>     that router's operator key
  --help          this text

What is real: prompts, scores and prices (ulab-uiuc/LLMRouter, MIT; see demo/data). What is not: the text of the
answers, and the latency, which was never recorded and is only there to make the wait look like one.
`;

export interface Options {
  readonly requests: number;
  readonly limit: number | undefined;
  readonly fast: boolean;
  readonly seed: number;
  readonly data: string | undefined;
  readonly sample: boolean;
  readonly svg: string;
  readonly json: boolean;
  readonly running: { readonly url: string; readonly key: string } | undefined;
}

const MOST_REQUESTS = 100_000;

/** Undefined where the help was asked for. Throws DemoError where the line makes no sense. */
export function parseOptions(args: readonly string[]): Options | undefined {
  const values = parse(args);
  if (values.help === true) return undefined;
  const { url, key } = values;
  if ((url === undefined) !== (key === undefined)) throw new DemoError('--url and --key go together.');
  if (values.sample && values.data !== undefined)
    throw new DemoError('--sample and --data exclude each other.');
  return {
    requests: wholeNumber('requests', values.requests, 1),
    limit: values.limit === undefined ? undefined : wholeNumber('limit', values.limit, 1),
    fast: values.fast,
    seed: wholeNumber('seed', values.seed, 0),
    data: values.data,
    sample: values.sample,
    svg: values.svg,
    json: values.json,
    running: url === undefined || key === undefined ? undefined : { url: webAddress(url), key },
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        requests: { type: 'string', default: '300' },
        limit: { type: 'string' },
        fast: { type: 'boolean', default: false },
        seed: { type: 'string', default: '1' },
        data: { type: 'string' },
        sample: { type: 'boolean', default: false },
        svg: { type: 'string', default: '.atp-demo/demo.svg' },
        json: { type: 'boolean', default: false },
        url: { type: 'string' },
        key: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    const [sentence = 'The command line is not valid'] = (error as Error).message.split(/[.\n]/);
    throw new DemoError(`${sentence}. See --help.`);
  }
}

function wholeNumber(name: string, text: string, least: number): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= MOST_REQUESTS) return value;
  throw new DemoError(`--${name} must be a whole number from ${least} to ${MOST_REQUESTS}.`);
}

function webAddress(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) throw new DemoError('--url must be an http address.');
  return url.href.replace(/\/$/, '');
}
