/**
 * What a feature vector costs, by size of prompt, on one core: medians and 99th percentiles of single calls. The encoder's
 * calls are told in CPU time, as they are long enough for others to come between.
 */
import type { PromptEncoder } from '../../shared/ports/prompt-encoder.ts';
import { extractFeatures } from '../../shared/services/features/extract-features.ts';
import { quantile } from '../support/load.ts';

export interface FeatureCost {
  readonly name: string;
  readonly units: number;
  readonly p50Us: number;
  readonly p99Us: number;
}

const SENTENCE =
  'How many of the 12 boxes in the north room would each person carry, if Ann takes twice as many? ';
const SIZES: readonly [string, number][] = [
  ['100 characters', 100],
  ['1 KiB', 1_024],
  ['8 KiB', 8_192],
  ['1 MiB', 1_048_576],
];
const WARM_UP = 300;

export function measureFeatures(calls: number): FeatureCost[] {
  return SIZES.map(([name, units]) => {
    // A few texts, so that no cache answers; the same ones each time.
    const prompts = Array.from({ length: 16 }, (_, index) => textOf(units, index));
    for (let call = 0; call < WARM_UP; call += 1) time(prompts[call % prompts.length] ?? '');
    const micros = Float64Array.from({ length: calls }, (_, call) =>
      time(prompts[call % prompts.length] ?? ''),
    );
    micros.sort();
    return { name, units, p50Us: quantile(micros, 0.5), p99Us: quantile(micros, 0.99) };
  });
}

const ENCODER_WARM_UP = 3;

export async function measureEncoder(encoder: PromptEncoder, calls: number): Promise<FeatureCost[]> {
  const costs: FeatureCost[] = [];
  for (const [name, units] of SIZES) {
    const micros: number[] = [];
    for (let call = -ENCODER_WARM_UP; call < calls; call += 1) {
      const before = process.cpuUsage();
      await encoder.encode(textOf(units, call + ENCODER_WARM_UP));
      const { user, system } = process.cpuUsage(before);
      if (call >= 0) micros.push(user + system);
    }
    const sorted = Float64Array.from(micros).sort();
    const cost = { p50Us: quantile(sorted, 0.5), p99Us: quantile(sorted, 0.99) };
    costs.push({ name: `${name}, encoder (CPU)`, units, ...cost });
  }
  return costs;
}

function time(prompt: string): number {
  const started = performance.now();
  extractFeatures({ prompt });
  return (performance.now() - started) * 1_000;
}

function textOf(units: number, index: number): string {
  const words = SENTENCE.split(' ');
  const turned = [...words.slice(index), ...words.slice(0, index), `item${index}`].join(' ');
  return turned.repeat(Math.ceil(units / turned.length)).slice(0, units);
}
