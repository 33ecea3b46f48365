import { joinEmbedding } from '../../shared/services/features/embed-features.ts';
import { extractFeatures } from '../../shared/services/features/extract-features.ts';
import type { Embeddings } from './embeddings.ts';
import type { Outcomes } from './outcomes.ts';
import type { Example } from './yardsticks/model.ts';

export interface ContextOptions {
  /** What the caller names the task: nothing, as the set does, or the benchmark that the prompt is from. */
  readonly told?: 'task' | 'source';
  /** The sentence encoder's numbers in place of the hashed ones. */
  readonly embeddings?: Embeddings;
}

/** The context of each prompt, from its text alone unless the options say more. */
export const contextsOf = (
  { prompts }: Outcomes,
  { told, embeddings }: ContextOptions = {},
): Float64Array[] =>
  prompts.map(({ text, ...names }) => {
    const input = { prompt: text, task_type: told === undefined ? undefined : names[told] };
    if (embeddings === undefined) return Float64Array.from(extractFeatures(input));
    const embedding = embeddings.get(text);
    if (embedding === undefined) throw new Error('a prompt has no embedding');
    return Float64Array.from(joinEmbedding(input, embedding));
  });

export function examplesOf(outcomes: Outcomes, options: ContextOptions = {}): Example[] {
  const contexts = contextsOf(outcomes, options);
  return outcomes.prompts.map(({ text, scores }, at) => ({
    ...{ text, scores },
    x: contexts[at] ?? new Float64Array(),
  }));
}
