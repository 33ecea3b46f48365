/** `npm run demo`: what the router is for, on real prompts, in two minutes. See --help. */
import { DemoClient } from './client.ts';
import { DemoError } from './demo-error.ts';
import { type Gateway, runningGateway, startGateway } from './gateway.ts';
import { HELP, type Options, parseOptions } from './options.ts';
import { play } from './play.ts';
import { dataNearby, readRecords } from './records.ts';
import { asJson, savePlot, summary } from './report.ts';
import { makeView } from './view.ts';

const STEADY = { atOnce: 6, everyMs: 250 };
const FAST = { atOnce: 6, everyMs: 0 };

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options === undefined) {
    process.stdout.write(HELP);
    return 0;
  }
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interrupted.abort());
  await demonstrate(options, interrupted.signal);
  return 0;
}

async function demonstrate(options: Options, signal: AbortSignal): Promise<void> {
  const { running, requests, fast, seed, json } = options;
  const data = options.sample ? undefined : (options.data ?? dataNearby());
  const outcomes = readRecords(data, options.limit, seed);
  const { models } = outcomes;
  // With --json nothing but the result may be on standard output.
  const screen = json ? process.stderr : process.stdout;
  const view = makeView({ screen, env: process.env, models, requests });
  const gateway: Gateway =
    running === undefined ? await startGateway(view.note) : runningGateway(running.url, running.key);
  const client = new DemoClient(gateway);
  try {
    await client.register(models, { latency: !fast });
    view.note(`${outcomes.prompts.length} different prompts from ${data ?? 'the sample in demo/data'}`);
    view.note(`${models.length} models, all registered as equally good; ${gateway.url}`);
    const started = performance.now();
    const pace = { requests, seed, ...(fast ? FAST : STEADY) };
    const played = await play(client, outcomes, pace, signal, view.show);
    view.end(played.tally);
    const seconds = (performance.now() - started) / 1_000;
    const result = { ...played, models, seconds, prompts: Math.min(requests, outcomes.prompts.length) };
    const svg = savePlot(options.svg, played.tally);
    process.stdout.write(json ? `${asJson(result, svg)}\n` : `\n${summary(result)}\n\nPlot: ${svg}\n`);
  } finally {
    if (running !== undefined) await client.unregister(models).catch(() => undefined);
    await gateway.stop();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof DemoError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
