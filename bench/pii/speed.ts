/** How long the model takes by length, how long it takes to open, and how much memory it holds. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { TextModel } from '../../shared/adapters/pii/model/text-model.ts';

const LENGTHS = [32, 128, 512, 2_048];
const RUNS = 40;
/** Each word is a piece; the number makes every text another one. */
const WORDS = 'the meeting with john from london is on monday at the office near the river and then'.split(
  ' ',
);

export interface Latency {
  tokens: number;
  p50: number;
  p95: number;
  /** Milliseconds of a processor, in the mean: what others do beside it does not count. */
  cpu: number;
  /** How windows went through the model. */
  windows: string;
}

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;

/** Milliseconds on one thread, tokenizer and decoding with them. */
export const latencies = async (model: TextModel, windows: string): Promise<Latency[]> => {
  const measured: Latency[] = [];
  for (const tokens of LENGTHS) {
    const text = Array.from({ length: tokens }, (_, index) => WORDS[index % WORDS.length]).join(' ');
    const times: number[] = [];
    let used = process.cpuUsage();
    for (let run = 0; run < RUNS + 3; run++) {
      if (run === 3) used = process.cpuUsage();
      const start = performance.now();
      await model.read([text], Number.POSITIVE_INFINITY);
      if (run >= 3) times.push(performance.now() - start);
    }
    const { user, system } = process.cpuUsage(used);
    times.sort((a, b) => a - b);
    const cpu = (user + system) / 1_000 / RUNS;
    measured.push({ tokens, windows, p50: percentile(times, 0.5), p95: percentile(times, 0.95), cpu });
  }
  return measured;
};

export interface ColdStart {
  /** Milliseconds from nothing to the first answer of the thread. */
  firstAnswerMs: number;
  /** MiB that the process holds more than before. */
  memoryMib: number;
}

const PROBE = join(import.meta.dirname, 'cold-probe.ts');

/** In a process of its own. */
export const coldStart = (directory: string): ColdStart =>
  JSON.parse(execFileSync(process.execPath, [PROBE, directory], { encoding: 'utf8' })) as ColdStart;
