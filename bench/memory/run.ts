/**
 * `npm run bench:memory`: the gateway's resident memory over many asks, from the end of its warm-up on. A leak shows as growth
 * that goes on. Ends with 1 where memory grew by more than it may. Options: see --help.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { atpTarget, startUpstream, streaming, type Target } from '../gateway/targets.ts';
import { median, runLoad } from '../support/load.ts';
import { familyOf } from '../support/processes.ts';
import { runStreamLoad } from '../support/stream-load.ts';
import { printTable } from '../support/table.ts';
import { hasWrk, runWrk } from '../support/wrk.ts';

const HELP = `npm run bench:memory -- [options]
  --requests N     in all (100000)
  --warm-up N      requests until the first measurement (10000)
  --connections N  at once (32)
  --within P       per cent that it may grow (10)
  --streams        chat completions as streams, instead of asks`;

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    'warm-up': { type: 'string', default: '10000' },
    connections: { type: 'string', default: '32' },
    within: { type: 'string', default: '10' },
    streams: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const SLICE_S = 2;
const STEPS = 10;
/** A collection of garbage may be due at any moment: the least of a second says what is kept. */
const SAMPLES = 10;
const SAMPLE_MS = 100;

const residentMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

const leastOf = async (pid: number): Promise<number> => {
  let least = Number.POSITIVE_INFINITY;
  for (let sample = 0; sample < SAMPLES; sample++) {
    least = Math.min(least, residentMb(pid));
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
  }
  return least;
};

const workerOf = (target: Target): number => {
  const found = [...familyOf(target.pid)].find(([, command]) => command.includes('gateway/worker.ts'));
  if (found === undefined) throw new Error('the gateway process was not found');
  return found[0];
};

const main = async (): Promise<number> => {
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [total, warmUp, connections] = [values.requests, values['warm-up'], values.connections].map(
    Number,
  ) as [number, number, number];
  const upstream = await startUpstream({ gapMs: 1, tokens: 20 });
  const target = await atpTarget('atp, disk', upstream.port);
  const generate = hasWrk() ? runWrk : runLoad;
  let [sent, failed] = [0, 0];
  const until = async (count: number): Promise<void> => {
    while (sent < count) {
      const turn = values.streams
        ? await runStreamLoad(streaming(target), connections, SLICE_S)
        : await generate(target, connections, SLICE_S);
      sent += 'streams' in turn ? turn.streams : turn.requests;
      failed += turn.failures;
    }
  };
  try {
    const pid = workerOf(target);
    const rows = [['requests', 'resident MB', 'against the first']];
    const readings: number[] = [];
    for (let step = 0; step <= STEPS; step++) {
      await until(warmUp + ((total - warmUp) * step) / STEPS);
      const now = await leastOf(pid);
      readings.push(now);
      const since = (now / (readings[0] ?? Number.NaN) - 1) * 100;
      rows.push([String(sent), now.toFixed(0), `${since.toFixed(1)} %`]);
      process.stderr.write(`\r${sent} requests, ${now.toFixed(0)} MB `);
    }
    process.stderr.write('\n');
    printTable(rows);
    // One reading moves by a fifth with what has just been collected.
    const half = Math.floor(readings.length / 2);
    const growth = (median(readings.slice(-half)) / median(readings.slice(0, half)) - 1) * 100;
    const isFlat = growth <= Number(values.within);
    console.log(
      `\n${isFlat ? 'flat' : 'GROWING'}: ${growth.toFixed(1)} % from the first half's median to the second's, ${warmUp} to ${total} requests, ${values.within} % permitted; ${failed} failed`,
    );
    return isFlat ? 0 : 1;
  } finally {
    await target.stop();
    await upstream.stop();
  }
};

process.exitCode = await main();
