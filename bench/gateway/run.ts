/**
 * `npm run bench:gateway`: this gateway beside the bare upstream and Portkey, interleaved in one run, as ratios.
 * Options: see --help.
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { median, quantile, runLoad } from '../support/load.ts';
import { cpuMs, familyOf } from '../support/processes.ts';
import { hasWrk, runWrk } from '../support/wrk.ts';
import { profileTarget } from './profile.ts';
import { atpTarget, directTarget, portkeyTarget, startUpstream, type Target } from './targets.ts';

interface Turn {
  rps: number;
  p50: number;
  p99: number;
  failures: number;
  /** CPU milliseconds a request, by process. */
  cpu: Map<string, number>;
}

const HELP = `npm run bench:gateway -- [options]
  --seconds N        of each turn (4)
  --rounds N         turns of each target, interleaved (5)
  --connections A,B  at once (1,32)
  --warm-up N        seconds of load on each target before the first turn (12): until then V8 still compiles
  --generator NAME   wrk, own or auto: wrk where it is installed (auto)
  --json FILE        the figures as JSON
  --profile          where the gateway process spends its CPU time, instead`;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '1,32' },
    'warm-up': { type: 'string', default: '12' },
    generator: { type: 'string', default: 'auto' },
    json: { type: 'string' },
    profile: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const WARM_UP_CONNECTIONS = 32;

const label = (command: string): string => {
  if (command.includes('dynoxide')) return 'dynamodb';
  if (command.includes('rust-selector')) return command.includes('learn') ? 'learn' : 'select';
  if (command.includes('worker')) return 'gateway';
  return 'supervisor';
};

const cpuOf = (target: Target): Map<string, number> => {
  const used = new Map<string, number>();
  if (target.pid === 0) return used;
  for (const [pid, command] of familyOf(target.pid)) {
    const name = target.name.startsWith('atp') ? label(command) : 'gateway';
    used.set(name, (used.get(name) ?? 0) + cpuMs(pid));
  }
  return used;
};

const turn = async (
  target: Target,
  connections: number,
  seconds: number,
  generate: typeof runLoad,
): Promise<Turn> => {
  const before = cpuOf(target);
  const result = await generate(target, connections, seconds);
  const cpu = new Map<string, number>();
  for (const [name, used] of cpuOf(target)) cpu.set(name, (used - (before.get(name) ?? 0)) / result.requests);
  return {
    rps: result.requests / result.seconds,
    p50: quantile(result.latencies, 0.5),
    p99: quantile(result.latencies, 0.99),
    failures: result.failures,
    cpu,
  };
};

const print = (rows: string[][]): void => {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const [index, row] of rows.entries()) {
    console.log(`| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`);
    if (index === 0) console.log(`|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`);
  }
};

const main = async (): Promise<void> => {
  if (values.help) {
    console.log(HELP);
    return;
  }
  const seconds = Number(values.seconds);
  const rounds = Number(values.rounds);
  const withWrk = values.generator === 'wrk' || (values.generator === 'auto' && hasWrk());
  const generate = withWrk ? runWrk : runLoad;
  const upstream = await startUpstream();
  if (values.profile) {
    await profileTarget(upstream.port, seconds).finally(upstream.stop);
    return;
  }
  const targets: Target[] = [directTarget(upstream.port)];
  const report: object[] = [];
  try {
    targets.push(await atpTarget('atp, disk', upstream.port));
    targets.push(await atpTarget('atp, memory', upstream.port, { env: { ATP_STORE: 'memory' } }));
    targets.push(await portkeyTarget(upstream.port));
    for (const target of targets) {
      process.stderr.write(`warming up ${target.name}\n`);
      await runLoad(target, WARM_UP_CONNECTIONS, Number(values['warm-up']));
    }
    const rows = [
      ['connections', 'target', 'p50 ms', 'p99 ms', 'req/s', 'added p50 ms', 'req/s / Portkey', 'failed'],
    ];
    const cpuRows = [['connections', 'target', 'CPU ms a request, by process']];
    for (const connections of values.connections.split(',').map(Number)) {
      for (const target of targets) await runLoad(target, connections, 1);
      const turns = new Map<Target, Turn[]>(targets.map((target) => [target, []]));
      for (let round = 1; round <= rounds; round++) {
        process.stderr.write(`\r${connections} connections: round ${round} of ${rounds} `);
        for (const target of targets)
          turns.get(target)?.push(await turn(target, connections, seconds, generate));
      }
      process.stderr.write('\n');
      const of = (target: Target | undefined, pick: (turn: Turn) => number): number =>
        median((target === undefined ? [] : (turns.get(target) ?? [])).map(pick));
      const peer = targets.find((target) => target.name.startsWith('portkey'));
      for (const target of targets) {
        const p50 = of(target, (one) => one.p50);
        const rps = of(target, (one) => one.rps);
        const failed = turns.get(target)?.reduce((sum, one) => sum + one.failures, 0) ?? 0;
        const added = p50 - of(targets[0], (one) => one.p50);
        const ratio = rps / of(peer, (one) => one.rps);
        rows.push([
          String(connections),
          target.name,
          p50.toFixed(2),
          of(target, (one) => one.p99).toFixed(2),
          rps.toFixed(0),
          added.toFixed(2),
          ratio.toFixed(2),
          String(failed),
        ]);
        const names = [...(turns.get(target)?.[0]?.cpu.keys() ?? [])];
        const cpu = names.map((name) => `${name} ${of(target, (one) => one.cpu.get(name) ?? 0).toFixed(3)}`);
        if (cpu.length > 0) cpuRows.push([String(connections), target.name, cpu.join(', ')]);
        report.push({ connections, target: target.name, p50, rps, added, ratio, failed });
      }
    }
    console.log(
      `\n${availableParallelism()} cores, Node ${process.version}, medians of ${rounds} turns of ${seconds} s, load by ${withWrk ? 'wrk' : 'raw sockets'}\n`,
    );
    print(rows);
    console.log('');
    print(cpuRows);
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
  } finally {
    for (const target of targets) await target.stop();
    await upstream.stop();
  }
};

await main();
