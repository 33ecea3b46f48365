/** The best model of each group of prompts, such as the tasks that a caller names: its mean, held to the mean of all. */
import { mean } from '../outcomes.ts';
import type { Example, Query, Yardstick } from './model.ts';

/** So many prompts of the mean of all count beside a group's own. */
const STRENGTH = 5;

export const byGroup = (name: string, groupOf: (query: Query) => string): Yardstick => ({
  name,
  fit: (examples) => {
    const of = (seen: readonly Example[], model: number): number =>
      mean(seen.map(({ scores }) => scores[model] ?? 0));
    const models = examples[0]?.scores.map((_, model) => model) ?? [];
    const all = models.map((model) => of(examples, model));
    const groups = new Map(
      [...Map.groupBy(examples, groupOf)].map(([group, seen]) => [
        group,
        all.map((prior, model) => {
          const own = seen.length * of(seen, model);
          return (STRENGTH * prior + own) / (STRENGTH + seen.length);
        }),
      ]),
    );
    return (query) => groups.get(groupOf(query)) ?? all;
  },
});
