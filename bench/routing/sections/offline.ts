/**
 * Offline models that saw every model's score on four fifths of the prompts, judged on the last fifth: how much of the gap the
 * features, or the text, can close at all when nothing has to be explored.
 */
import { Sfc32 } from '../../../shared/services/selection/random.ts';
import { examplesOf } from '../contexts.ts';
import { type Interval, intervalOf } from '../interval.ts';
import { hasSources, readNineModels } from '../nine-models.ts';
import { indexOfLargest, mean, type Outcomes, oracleScore } from '../outcomes.ts';
import { percent, spread } from '../report/table.ts';
import { permutation, pick } from '../shuffle.ts';
import { byGroup } from '../yardsticks/by-group.ts';
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
  const examples = examplesOf(outcomes);
  const wanted = ({ name }: Yardstick): boolean => options.lines.test(name);
  const lines = yardsticksOf(outcomes, examples, options)
    .filter(([yardstick]) => wanted(yardstick))
    .map(([yardstick, seen]) => judge(yardstick, seen ?? examples, outcomes, order, folds, options));
  const overAll = [ridgeYardstick(LAMBDA), nearestByFeatures]
    .map((one) => named(one, 'pooled embedded features'))
    .filter(wanted);
  if (options.pooled !== undefined && overAll.length > 0) {
    const embedded = examplesOf(outcomes, { embeddings: await options.pooled() });
    for (const one of overAll) lines.push(judge(one, embedded, outcomes, order, folds, options));
  }
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

/** The gateway's features where no examples are given. */
type Tried = readonly [Yardstick, (readonly Example[])?];

const named = (yardstick: Yardstick, features: string): Yardstick => ({
  ...yardstick,
  name: yardstick.name.replaceAll('features', features),
});

function yardsticksOf(
  outcomes: Outcomes,
  examples: readonly Example[],
  { embeddings, wholes }: SectionOptions,
): Tried[] {
  const ridge = ridgeYardstick(LAMBDA);
  const linear = [ridge, logisticYardstick(LAMBDA)];
  const tried: Tried[] = [...linear, nearestByFeatures, nearestByWords].map((one): Tried => [one]);
  if (embeddings !== undefined) {
    const embedded = examplesOf(outcomes, { embeddings });
    for (const one of [...linear, nearestByFeatures, onPrior(nearestByFeatures, ridge)])
      tried.push([named(one, 'embedded features'), embedded]);
  }
  if (wholes !== undefined) {
    const vectors = examples.map((one) => ({ ...one, x: Float64Array.from(wholes.get(one.text) ?? []) }));
    for (const one of [ridgeYardstick(10 * LAMBDA), nearestByFeatures])
      tried.push([named(one, "all of the encoder's numbers"), vectors]);
  }
  if (hasSources(outcomes)) {
    const sources = new Map(outcomes.prompts.map(({ text, source }) => [text, source ?? '']));
    tried.push([
      byGroup('the best model of the benchmark that is told', ({ text }) => sources.get(text) ?? ''),
    ]);
    tried.push([named(ridge, 'features, benchmark told'), examplesOf(outcomes, { told: 'source' })]);
    if (embeddings !== undefined)
      tried.push([
        named(ridge, 'embedded features, benchmark told'),
        examplesOf(outcomes, { embeddings, told: 'source' }),
      ]);
  }
  tried.push([named(ridge, 'features and the set\'s "task"'), examplesOf(outcomes, { told: 'task' })]);
  return tried;
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
