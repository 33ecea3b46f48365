/** Reads recorded outcomes: one JSON a line, gzipped: {id, task, prompt, outcomes: {model: {score, cost_usd}}}. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';

const ROW = z.object({
  id: z.string(),
  task: z.string(),
  prompt: z.string(),
  outcomes: z.record(z.string(), z.object({ score: z.number().min(0).max(1), cost_usd: z.number().min(0) })),
});

/** Prompts and, for each, what every model earned (0 to 1) and cost (US dollars), in the order of `models`. */
export interface Outcomes {
  readonly models: readonly string[];
  readonly prompts: readonly Prompt[];
}

export interface Prompt {
  readonly text: string;
  readonly task: string;
  /** What a caller would name the task, where the set's own name is none. */
  readonly source?: string;
  readonly scores: readonly number[];
  readonly costs: readonly number[];
}

/** Throws where a file is missing, a line has another shape, or a prompt lacks a model. */
export const readOutcomes = (directory: string, names: readonly string[]): Outcomes =>
  parseOutcomes(
    names
      .map((name) => gunzipSync(readFileSync(join(directory, `${name}.jsonl.gz`))).toString('utf8'))
      .join('\n'),
  );

export function parseOutcomes(lines: string): Outcomes {
  const rows = lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ROW.parse(JSON.parse(line)));
  const models = Object.keys(rows[0]?.outcomes ?? {}).sort();
  const prompts = rows.map(({ id, task, prompt, outcomes }) => {
    const found = models.map((model) => {
      const outcome = outcomes[model];
      if (outcome === undefined) throw new Error(`${id} has no outcome of ${model}`);
      return outcome;
    });
    return {
      text: prompt,
      task,
      scores: found.map(({ score }) => score),
      costs: found.map(({ cost_usd }) => cost_usd),
    };
  });
  return { models, prompts };
}

/** Every third prompt, for a quick look. */
export const thin = ({ models, prompts }: Outcomes): Outcomes => ({
  models,
  prompts: prompts.filter((_, at) => at % 3 === 0),
});

export const meanScores = ({ models, prompts }: Outcomes): number[] =>
  models.map((_, model) => mean(prompts.map(({ scores }) => scores[model] ?? 0)));

export const oracleScore = ({ prompts }: Outcomes): number =>
  mean(prompts.map(({ scores }) => Math.max(...scores)));

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export const indexOfLargest = (values: readonly number[]): number => {
  let best = 0;
  for (const [index, value] of values.entries()) if (value > (values[best] ?? value)) best = index;
  return best;
};
