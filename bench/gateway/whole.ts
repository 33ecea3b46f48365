/** Whole answers: latency, requests a second and CPU of each target in turn. */
import { median, quantile, runLoad } from '../support/load.ts';
import { cpuMs, familyOf } from '../support/processes.ts';
import { figure } from '../support/table.ts';
import type { Target } from './targets.ts';

export interface Plan {
  seconds: number;
  rounds: number;
  connections: readonly number[];
  /** Seconds. */
  warmUp: number;
  warmUpConnections: number;
}

export interface Measurement {
  tables: string[][][];
  report: object[];
}

interface Turn {
  rps: number;
  p50: number;
  p99: number;
  failures: number;
  /** CPU milliseconds a request, by process. */
  cpu: Map<string, number>;
}

const HEAD = [
  'connections',
  'target',
  'p50 ms',
  'p99 ms',
  'req/s',
  'added p50 ms',
  'req/s / Portkey',
  'failed',
];

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

export const measureWhole = async (
  targets: readonly Target[],
  plan: Plan,
  generate: typeof runLoad,
): Promise<Measurement> => {
  for (const target of targets) {
    process.stderr.write(`warming up ${target.name}\n`);
    await runLoad(target, plan.warmUpConnections, plan.warmUp);
  }
  const rows = [HEAD];
  const cpuRows = [['connections', 'target', 'CPU ms a request, by process']];
  const report: object[] = [];
  for (const connections of plan.connections) {
    for (const target of targets) await runLoad(target, connections, 1);
    const turns = new Map<Target, Turn[]>(targets.map((target) => [target, []]));
    for (let round = 1; round <= plan.rounds; round++) {
      process.stderr.write(`\r${connections} connections: round ${round} of ${plan.rounds} `);
      for (const target of targets)
        turns.get(target)?.push(await turn(target, connections, plan.seconds, generate));
    }
    process.stderr.write('\n');
    const of = (target: Target | undefined, pick: (turn: Turn) => number): number =>
      median((target === undefined ? [] : (turns.get(target) ?? [])).map(pick));
    const peer = targets.find((target) => target.name.startsWith('portkey'));
    const direct = targets.find(({ name }) => name === 'direct');
    for (const target of targets) {
      const p50 = of(target, (one) => one.p50);
      const rps = of(target, (one) => one.rps);
      const failed = turns.get(target)?.reduce((sum, one) => sum + one.failures, 0) ?? 0;
      const added = p50 - of(direct, (one) => one.p50);
      const ratio = rps / of(peer, (one) => one.rps);
      rows.push([
        String(connections),
        target.name,
        figure(p50, 2),
        figure(
          of(target, (one) => one.p99),
          2,
        ),
        figure(rps, 0),
        figure(added, 2),
        figure(ratio, 2),
        String(failed),
      ]);
      const names = [...(turns.get(target)?.[0]?.cpu.keys() ?? [])];
      const cpu = names.map((name) => `${name} ${of(target, (one) => one.cpu.get(name) ?? 0).toFixed(3)}`);
      if (cpu.length > 0) cpuRows.push([String(connections), target.name, cpu.join(', ')]);
      report.push({ connections, target: target.name, p50, rps, added, ratio, failed });
    }
  }
  return { tables: [rows, cpuRows], report };
};
