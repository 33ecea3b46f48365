/** Streams: time to the first token, and the gaps between tokens, of each target in turn. */
import { median } from '../support/load.ts';
import { runStreamLoad, type StreamLoad } from '../support/stream-load.ts';
import { figure } from '../support/table.ts';
import { streaming, type Target } from './targets.ts';
import type { Measurement, Plan } from './whole.ts';

const HEAD = [
  'connections',
  'target',
  'first token p50 ms',
  'p99',
  'added p50',
  'gap p50 ms',
  'p99',
  'added gap p50',
  'added gap p99',
  'streams/s',
  'failed',
];

export const measureStreams = async (targets: readonly Target[], plan: Plan): Promise<Measurement> => {
  const streams = targets.map(streaming);
  for (const target of streams) {
    process.stderr.write(`warming up ${target.name}\n`);
    await runStreamLoad(target, plan.warmUpConnections, plan.warmUp);
  }
  const rows = [HEAD];
  const report: object[] = [];
  for (const connections of plan.connections) {
    const turns = new Map<Target, StreamLoad[]>(streams.map((target) => [target, []]));
    for (let round = 1; round <= plan.rounds; round++) {
      process.stderr.write(`\r${connections} connections: round ${round} of ${plan.rounds} `);
      for (const target of streams)
        turns.get(target)?.push(await runStreamLoad(target, connections, plan.seconds));
    }
    process.stderr.write('\n');
    const of = (target: Target | undefined, pick: (turn: StreamLoad) => number): number =>
      median((target === undefined ? [] : (turns.get(target) ?? [])).map(pick));
    const direct = streams.find(({ name }) => name === 'direct');
    for (const target of streams) {
      const seen = {
        firstP50: of(target, (turn) => turn.firstP50),
        firstP99: of(target, (turn) => turn.firstP99),
        gapP50: of(target, (turn) => turn.gapP50),
        gapP99: of(target, (turn) => turn.gapP99),
      };
      const added = {
        firstP50: seen.firstP50 - of(direct, (turn) => turn.firstP50),
        gapP50: seen.gapP50 - of(direct, (turn) => turn.gapP50),
        gapP99: seen.gapP99 - of(direct, (turn) => turn.gapP99),
      };
      const perSecond = of(target, ({ streams, seconds }) => streams / seconds);
      const failed = turns.get(target)?.reduce((sum, turn) => sum + turn.failures, 0) ?? 0;
      rows.push([
        String(connections),
        target.name,
        ...[seen.firstP50, seen.firstP99, added.firstP50, seen.gapP50, seen.gapP99].map((one) =>
          figure(one, 2),
        ),
        ...[added.gapP50, added.gapP99].map((one) => figure(one, 2)),
        figure(perSecond, 1),
        String(failed),
      ]);
      report.push({ connections, target: target.name, ...seen, added, perSecond, failed });
    }
  }
  return { tables: [rows], report };
};
