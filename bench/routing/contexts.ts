import { extractFeatures } from '../../shared/services/features/extract-features.ts';
import type { Outcomes, Prompt } from './outcomes.ts';
import type { Example } from './yardsticks/model.ts';

/** The context of each prompt, from its text alone or with its set's own name of the task as the caller's. */
export const contextsOf = ({ prompts }: Outcomes, withTask = false): Float64Array[] =>
  prompts.map((prompt) => contextOf(prompt, withTask));

export const examplesOf = (outcomes: Outcomes, withTask = false): Example[] =>
  outcomes.prompts.map((prompt) => ({
    x: contextOf(prompt, withTask),
    text: prompt.text,
    scores: prompt.scores,
  }));

const contextOf = ({ text, task }: Prompt, withTask: boolean): Float64Array =>
  Float64Array.from(extractFeatures({ prompt: text, ...(withTask ? { task_type: task } : {}) }));
