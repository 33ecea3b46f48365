/** Who is measured: each is given a workload and a turn, and answers with figures and with what it chose. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { decodeArmState, type SelectReply } from '../../shared/model/selection.ts';
import { SelectionMemo } from '../../shared/services/selection/memo.ts';
import { selectBatch } from '../../shared/services/selection/select-batch.ts';
import { median } from '../support/load.ts';
import { type Timing, type Turn, timeCalls } from './timing.ts';
import type { Workload } from './workload.ts';

export interface Measured extends Timing {
  /** Each request's first candidate. */
  readonly chosen: readonly string[];
  /** Median microseconds a batch between parsing and serialising, where the contender can tell. */
  readonly decide_us?: number;
}

export interface Contender {
  readonly name: string;
  /** Measured in the first round alone. */
  readonly once?: boolean;
  /** Undefined where a workload is beyond it. */
  measure(workload: Workload, turn: Turn): Promise<Measured | undefined>;
  stop(): Promise<void>;
}

export const chosenIn = (reply: SelectReply): string[] => {
  if ('error' in reply) throw new Error(reply.error.message);
  return reply.results.map((one) => {
    if ('error' in one) throw new Error(one.error.message);
    return one.ranking[0]?.id ?? '';
  });
};

/** The fallback, in this process. */
export const typescript = (): Contender => ({
  name: 'typescript',
  measure: async ({ policy, event, arms }, turn) => {
    const decoded = [...arms].flatMap(([id, bytes]) => {
      const state = decodeArmState(bytes);
      return state === undefined ? [] : [[id, state] as const];
    });
    const states = new Map([[policy, { version: 1, freshness: 'cached' as const, arms: new Map(decoded) }]]);
    const memo = new SelectionMemo();
    const decided: number[] = [];
    const call = () => {
      const batch = JSON.parse(event);
      const started = performance.now();
      const reply = selectBatch(batch, states, undefined, memo);
      decided.push(performance.now() - started);
      return JSON.stringify(reply);
    };
    const timing = await timeCalls(call, turn);
    return { ...timing, decide_us: 1_000 * median(decided), chosen: chosenIn(JSON.parse(call())) };
  },
  stop: async () => undefined,
});

/** A process that reads a job a line and writes its figures a line; `extra` is added to every job. */
export function byProcess(
  name: string,
  {
    command,
    args,
    scratch,
    extra = {},
  }: { command: string; args: readonly string[]; scratch: string; extra?: object },
): Contender {
  // Its linear algebra is held to one thread, as every contender is.
  const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], env });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    name,
    measure: async ({ policy, event, arms }, { ms, minCalls }) => {
      const files = {
        event: join(scratch, `${policy}.event.json`),
        arms: join(scratch, `${policy}.arms.json`),
      };
      writeFileSync(files.event, event);
      const packed = [...arms].map(([id, bytes]) => [id, bytes.toString('base64')]);
      writeFileSync(files.arms, JSON.stringify(Object.fromEntries(packed)));
      child.stdin.write(`${JSON.stringify({ ...files, ms, min_calls: minCalls, ...extra })}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${name} ended`);
      return JSON.parse(value) as Measured;
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}
