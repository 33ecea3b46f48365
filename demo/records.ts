/** The recorded prompts, and the models that they were put to. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Outcomes, parseOutcomes, readOutcomes } from '../bench/routing/outcomes.ts';
import { DemoError } from './demo-error.ts';

const SAMPLE = join(import.meta.dirname, 'data', 'llmrouter-sample.jsonl');
const LARGE_SET = 'llmrouter-9models-train';

export function readRecords(data: string | undefined, limit: number | undefined): Outcomes {
  if (data !== undefined && !existsSync(join(data, `${LARGE_SET}.jsonl.gz`))) {
    throw new DemoError(`--data must be a directory that holds ${LARGE_SET}.jsonl.gz.`);
  }
  const { models, prompts } =
    data === undefined ? parseOutcomes(readFileSync(SAMPLE, 'utf8')) : readOutcomes(data, [LARGE_SET]);
  return { models, prompts: prompts.slice(0, limit) };
}

/** US dollars for a million tokens, input and output alike: what the records were priced with. Milliseconds: made up. */
const SMALL = { perMtok: 0.2, latencyMs: 60 };
const LARGE = { perMtok: 0.9, latencyMs: 180 };
const SMALLEST = { perMtok: 0.1, latencyMs: 60 };

/** By the size in the model's name. */
export function likeness(model: string): { perMtok: number; latencyMs: number } {
  const billions = Number(/(\d+)b\b/.exec(model)?.[1] ?? Number.NaN);
  if (Number.isNaN(billions)) throw new DemoError(`${model} does not say how large it is.`);
  if (billions >= 40) return LARGE;
  return model.startsWith('gemma') ? SMALLEST : SMALL;
}
