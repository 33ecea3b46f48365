import { joinEmbedding } from '../../shared/services/features/embed-features.ts';
import {
  extractFeatures,
  type FeatureInput,
  NAME_SIZE,
  STRUCTURE_SIZE,
} from '../../shared/services/features/extract-features.ts';
import { nameSigns } from '../../shared/services/features/task-type.ts';
import type { Embeddings } from './embeddings.ts';
import type { Outcomes } from './outcomes.ts';
import type { Example } from './yardsticks/model.ts';

export interface ContextOptions {
  /** What the caller names the task: nothing, as the set does, or the benchmark that the prompt is from. */
  readonly told?: 'task' | 'source';
  /** So many signs of the name in place of the gateway's. */
  readonly signs?: number;
  /** The sentence encoder's numbers in place of the hashed ones. */
  readonly embeddings?: Embeddings;
}

/** The context of each prompt, from its text alone unless the options say more. */
export const contextsOf = (
  { prompts }: Outcomes,
  { told, signs = NAME_SIZE, embeddings }: ContextOptions = {},
): Float64Array[] =>
  prompts.map(({ text, ...names }) => {
    const input = { prompt: text, task_type: told === undefined ? undefined : names[told] };
    if (embeddings === undefined) return signed(input, extractFeatures(input), signs);
    const embedding = embeddings.get(text);
    if (embedding === undefined) throw new Error('a prompt has no embedding');
    return signed(input, joinEmbedding(input, embedding), signs);
  });

/** Together they count as one, however many. */
function signed({ task_type }: FeatureInput, features: readonly number[], signs: number): Float64Array {
  if (task_type === undefined || signs === NAME_SIZE) return Float64Array.from(features);
  return Float64Array.from([
    ...features.slice(0, STRUCTURE_SIZE - NAME_SIZE),
    ...nameSigns(task_type, signs).map((sign) => sign / Math.sqrt(signs)),
    ...features.slice(STRUCTURE_SIZE),
  ]);
}

export function examplesOf(outcomes: Outcomes, options: ContextOptions = {}): Example[] {
  const contexts = contextsOf(outcomes, options);
  return outcomes.prompts.map(({ text, scores }, at) => ({
    ...{ text, scores },
    x: contexts[at] ?? new Float64Array(),
  }));
}
