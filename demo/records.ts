/** The recorded prompts, and the models that they were put to. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Outcomes, parseOutcomes, readOutcomes } from '../bench/routing/outcomes.ts';
import { permutation } from '../bench/routing/shuffle.ts';
import { Sfc32 } from '../shared/services/selection/random.ts';
import { DemoError } from './demo-error.ts';

const SAMPLE = join(import.meta.dirname, 'data', 'llmrouter-sample.jsonl');
const LARGE_SET = 'llmrouter-9models-train';

/** Different prompts of a large set: as many as the demo sends. */
const DRAWN = 300;

const holdsLargeSet = (directory: string): boolean => existsSync(join(directory, `${LARGE_SET}.jsonl.gz`));

/** The recorded outcomes beside the project, where they lie there. */
export function dataNearby(root = join(import.meta.dirname, '..')): string | undefined {
  const directory = join(root, '../shared/data/routing');
  return holdsLargeSet(directory) ? directory : undefined;
}

/** The sample's first prompts, or a random draw from the set in `data`: the same for the same seed. */
export function readRecords(data: string | undefined, limit?: number, seed = 1): Outcomes {
  if (data === undefined) {
    const { models, prompts } = parseOutcomes(readFileSync(SAMPLE, 'utf8'));
    return { models, prompts: prompts.slice(0, limit) };
  }
  if (!holdsLargeSet(data))
    throw new DemoError(`--data must be a directory that holds ${LARGE_SET}.jsonl.gz.`);
  const { models, prompts } = readOutcomes(data, [LARGE_SET]);
  const drawn = permutation(prompts.length, new Sfc32(seed)).slice(0, limit ?? DRAWN);
  return { models, prompts: drawn.flatMap((at) => prompts[at] ?? []) };
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
