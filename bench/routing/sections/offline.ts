/**
 * Offline models that saw every model's score on four fifths of the prompts, judged on the last fifth: how much of the gap the
 * features, or the text, can close at all when nothing has to be explored.
 */
import { Sfc32 } from '../../../shared/services/selection/random.ts';
import { examplesOf } from '../contexts.ts';
import { type Interval, intervalOf } from '../interval.ts';
import { readNineModels } from '../nine-models.ts';
import { indexOfLargest, mean, type Outcomes, oracleScore } from '../outcomes.ts';
import { percent, spread } from '../report/table.ts';
import { permutation, pick } from '../shuffle.ts';
import { logisticYardstick, ridgeYardstick } from '../yardsticks/linear.ts';
import type { Example, Yardstick } from '../yardsticks/model.ts';
import { nearestByFeatures, nearestByWords } from '../yardsticks/nearest.ts';
import { onPrior } from '../yardsticks/on-prior.ts';
import type { Section, SectionOptions } from './section.ts';

const FOLDS = 5;
const LAMBDA = 1;

interface Line {
  readonly name: string;
  readonly reward: Interval;
  readonly gap: Interval;
  readonly costPerThousand: Interval;
}

export async function offline(options: SectionOptions): Promise<Section> {
  const outcomes = readNineModels(options);
  const order = permutation(outcomes.prompts.length, new Sfc32(2));
  const folds = options.quick ? 2 : FOLDS;
  const yardsticks = [ridgeYardstick(LAMBDA), logisticYardstick(LAMBDA), nearestByFeatures, nearestByWords];
  const examples = examplesOf(outcomes);
  const leaky = { ...ridgeYardstick(LAMBDA), name: 'ridge, features and the set\'s "task"' };
  const lines = yardsticks.map((one) => judge(one, examples, outcomes, order, folds, options));
  if (options.embeddings !== undefined) {
    const embedded = examplesOf(outcomes, { embeddings: options.embeddings });
    const linear = ridgeYardstick(LAMBDA);
    const tried = [linear, logisticYardstick(LAMBDA), nearestByFeatures, onPrior(nearestByFeatures, linear)];
    for (const one of tried) {
      const named = { ...one, name: one.name.replaceAll('features', 'embedded features') };
      lines.push(judge(named, embedded, outcomes, order, folds, options));
    }
  }
  if (options.pooled !== undefined) {
    const embedded = examplesOf(outcomes, { embeddings: await options.pooled() });
    for (const one of [ridgeYardstick(LAMBDA), nearestByFeatures]) {
      const named = { ...one, name: one.name.replace('features', 'pooled embedded features') };
      lines.push(judge(named, embedded, outcomes, order, folds, options));
    }
  }
  lines.push(judge(leaky, examplesOf(outcomes, { withTask: true }), outcomes, order, folds, options));
  return {
    title: 'Offline yardsticks, nine models',
    notes: [
      `Best model of each prompt, by the set's "task": ${oracleByTask(outcomes)}.`,
      `Fitted on every model's score of four fifths of the prompts, judged on the rest; ${folds} of ${FOLDS} folds.`,
    ],
    head: ['model', 'reward', 'gap closed', '$ per 1,000'],
    rows: lines.map(({ name, reward, gap, costPerThousand }) => [
      ...[name, spread(reward), percent(gap), costPerThousand.mean.toFixed(3)],
    ]),
    charts: [],
    data: lines,
  };
}

/** Shows what the set's tasks are: a grouping by outcome tells the scores, which no caller could know. */
const oracleByTask = ({ models, prompts }: Outcomes): string =>
  [...new Set(prompts.map(({ task }) => task))]
    .toSorted()
    .map((task) => {
      const oracle = oracleScore({ models, prompts: prompts.filter((prompt) => prompt.task === task) });
      return `${task} ${oracle.toFixed(3)}`;
    })
    .join(', ');

function judge(
  yardstick: Yardstick,
  examples: readonly Example[],
  { prompts }: Outcomes,
  order: readonly number[],
  folds: number,
  { progress }: SectionOptions,
): Line {
  const results = Array.from({ length: folds }, (_, fold) => {
    progress(`offline yardsticks: ${yardstick.name}, fold ${fold + 1}`);
    const held = order.filter((_, at) => at % FOLDS === fold);
    const seen = pick(
      examples,
      order.filter((_, at) => at % FOLDS !== fold),
    );
    const models = seen[0]?.scores.map((_, model) => model) ?? [];
    const meanOf = (pick: (at: number) => number): number => mean(held.map(pick));
    const scoreOf = (at: number, model: number): number => prompts[at]?.scores[model] ?? 0;
    // The best single model of the judged prompts, in hindsight, as in the replay.
    const best = Math.max(...models.map((model) => meanOf((at) => scoreOf(at, model))));
    const oracle = meanOf((at) => Math.max(...(prompts[at]?.scores ?? [])));
    const predict = yardstick.fit(seen);
    const chosen = new Map(
      held.map((at) => [at, indexOfLargest(predict(examples[at] ?? { x: new Float64Array(), text: '' }))]),
    );
    const reward = meanOf((at) => scoreOf(at, chosen.get(at) ?? 0));
    const cost = meanOf((at) => prompts[at]?.costs[chosen.get(at) ?? 0] ?? 0);
    return { reward, gap: (reward - best) / (oracle - best), cost };
  });
  return {
    name: yardstick.name,
    reward: intervalOf(results.map(({ reward }) => reward)),
    gap: intervalOf(results.map(({ gap }) => gap)),
    costPerThousand: intervalOf(results.map(({ cost }) => 1_000 * cost)),
  };
}
