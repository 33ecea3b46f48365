/**
 * `npm run bench:gateway`: this gateway beside the bare upstream and other gateways, interleaved in one run, as ratios.
 * Options: see --help.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runLoad } from '../support/load.ts';
import { printTable } from '../support/table.ts';
import { hasWrk, runWrk } from '../support/wrk.ts';
import { litellmTarget, portkeyTarget } from './peers.ts';
import { profileTarget } from './profile.ts';
import { measureStreams } from './streams.ts';
import { atpTarget, directTarget, startUpstream, type Target } from './targets.ts';
import { measureWhole, type Plan } from './whole.ts';

const ROOT = join(import.meta.dirname, '..', '..');

const TARGETS: Readonly<Record<string, (upstreamPort: number) => Target | Promise<Target>>> = {
  direct: directTarget,
  atp: (port) => atpTarget('atp, disk', port),
  'atp-memory': (port) => atpTarget('atp, memory', port, { env: { ATP_STORE: 'memory' } }),
  'atp-2': (port) => atpTarget('atp, disk, 2 workers', port, { args: ['--workers', '2'] }),
  portkey: portkeyTarget,
  litellm: litellmTarget,
};
const WHOLE = 'direct,atp,atp-memory,atp-2,portkey';
const STREAMS = 'direct,atp,portkey,litellm';

const HELP = `npm run bench:gateway -- [options]
  --streams          event streams: time to the first token, and the gaps between tokens
  --targets A,B      of ${Object.keys(TARGETS).join(', ')} (${WHOLE}; for streams ${STREAMS})
  --against DIR      another checkout beside them, with its node_modules and release build
  --seconds N        of each turn (4)
  --rounds N         turns of each target, interleaved (5)
  --connections A,B  at once (1,32)
  --warm-up N        seconds of load on each target before the first turn (24): until then V8 still compiles
  --gap N            milliseconds between the upstream's tokens (20)
  --tokens N         of the upstream's streams (20)
  --generator NAME   of whole answers: wrk, own or auto: wrk where it is installed (auto)
  --json FILE        the figures as JSON
  --profile          where the gateway process spends its CPU time, instead`;

const { values } = parseArgs({
  options: {
    streams: { type: 'boolean', default: false },
    targets: { type: 'string' },
    against: { type: 'string' },
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '1,32' },
    'warm-up': { type: 'string', default: '24' },
    gap: { type: 'string', default: '20' },
    tokens: { type: 'string', default: '20' },
    generator: { type: 'string', default: 'auto' },
    json: { type: 'string' },
    profile: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const makers = () =>
  (values.targets ?? (values.streams ? STREAMS : WHOLE)).split(',').map((name) => {
    const make = TARGETS[name];
    if (make === undefined) throw new Error(`there is no target ${name}; see --help`);
    return make;
  });

const main = async (): Promise<void> => {
  if (values.help) {
    console.log(HELP);
    return;
  }
  const plan: Plan = {
    seconds: Number(values.seconds),
    rounds: Number(values.rounds),
    connections: values.connections.split(',').map(Number),
    warmUp: Number(values['warm-up']),
    warmUpConnections: 32,
  };
  // What `npm start` runs on from its second start on.
  execFileSync('npm', ['run', '--silent', 'build:store'], { cwd: ROOT, stdio: 'inherit' });
  const withWrk = values.generator === 'wrk' || (values.generator === 'auto' && hasWrk());
  const upstream = await startUpstream({ gapMs: Number(values.gap), tokens: Number(values.tokens) });
  const targets: Target[] = [];
  try {
    if (values.profile) {
      await profileTarget(upstream.port, plan.seconds, values.streams);
      return;
    }
    for (const make of makers()) targets.push(await make(upstream.port));
    if (values.against !== undefined) {
      const root = resolve(values.against);
      targets.push(await atpTarget('atp, the other', upstream.port, { root }));
    }
    const { tables, report } = values.streams
      ? await measureStreams(targets, plan)
      : await measureWhole(targets, plan, withWrk ? runWrk : runLoad);
    const load = withWrk && !values.streams ? 'wrk' : 'raw sockets';
    const stream = values.streams ? `, ${values.tokens} tokens at ${values.gap} ms` : '';
    console.log(
      `\n${availableParallelism()} cores, Node ${process.version}, medians of ${plan.rounds} turns of ${plan.seconds} s, load by ${load}${stream}`,
    );
    for (const table of tables) {
      console.log('');
      printTable(table);
    }
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
  } finally {
    for (const target of targets) await target.stop();
    await upstream.stop();
  }
};

await main();
