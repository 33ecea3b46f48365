/** Mixtral or GPT-4 on MMLU and GSM8K, in RouteLLM's measures, trained on one half and judged on the other. */
import { Sfc32 } from '../../../shared/services/selection/random.ts';
import { examplesOf } from '../contexts.ts';
import { type Interval, intervalOf } from '../interval.ts';
import { coefficients, dot, LinearSums } from '../linear-sums.ts';
import { indexOfLargest, mean, meanScores, type Outcomes, readOutcomes, thin } from '../outcomes.ts';
import type { Series } from '../report/line-chart.ts';
import { spread } from '../report/table.ts';
import { permutation } from '../shuffle.ts';
import { pgrAt, type RouteMeasures, routeMeasures } from '../two-models.ts';
import { logisticYardstick, ridgeYardstick } from '../yardsticks/linear.ts';
import type { Example, Yardstick } from '../yardsticks/model.ts';
import { nearestByFeatures, nearestByWords } from '../yardsticks/nearest.ts';
import type { Section, SectionOptions } from './section.ts';

const LAMBDA = 1;
const GRID = 50;

type Split = 'within tasks' | 'across tasks';

interface Line {
  readonly set: string;
  readonly split: Split;
  readonly router: string;
  readonly pgr50: Interval;
  readonly apgr: Interval;
  readonly cpt50: Interval;
  readonly cpt80: Interval;
  readonly curve: readonly (readonly [number, number])[];
}

export function twoModels(options: SectionOptions): Section {
  const lines: Line[] = [];
  for (const [set, file] of [
    ['MMLU', 'routellm-mmlu'],
    ['GSM8K', 'routellm-gsm8k'],
  ] as const) {
    const all = readOutcomes(options.directory, [file]);
    const outcomes = options.quick ? thin(all) : all;
    const plain = examplesOf(outcomes);
    const many = new Set(outcomes.prompts.map(({ task }) => task)).size > 1;
    const routers: [Yardstick, readonly Example[], Split][] = [
      ...[
        ridgeYardstick(LAMBDA),
        oneScoreAPrompt,
        logisticYardstick(LAMBDA),
        nearestByFeatures,
        nearestByWords,
      ].map((one): [Yardstick, readonly Example[], Split] => [one, plain, 'within tasks']),
    ];
    if (many) {
      const told = { ...ridgeYardstick(LAMBDA), name: "ridge, features and the task's name" };
      routers.push([told, examplesOf(outcomes, { told: 'task' }), 'within tasks']);
      routers.push([ridgeYardstick(LAMBDA), plain, 'across tasks']);
    }
    if (options.embeddings !== undefined) {
      const embedded = examplesOf(outcomes, { embeddings: options.embeddings });
      for (const one of [
        ridgeYardstick(LAMBDA),
        oneScoreAPrompt,
        logisticYardstick(LAMBDA),
        nearestByFeatures,
      ])
        routers.push([named(one), embedded, 'within tasks']);
      if (many) routers.push([named(ridgeYardstick(LAMBDA)), embedded, 'across tasks']);
    }
    if (many) routers.push(...acrossTasks(plain, options));
    for (const [router, examples, split] of routers) {
      if (!options.lines.test([set, split, router.name].join(', '))) continue;
      options.progress(`two models: ${set}, ${split}, ${router.name}`);
      lines.push(lineOf(set, split, router, outcomes, examples, options));
    }
  }
  return {
    title: 'Two models, in the measures of RouteLLM',
    notes: [
      "within tasks: half of each task's prompts train, the other half judge. across tasks: the two halves share no task.",
      'A random router has APGR .5, CPT(50) 50 %, CPT(80) 80 %.',
    ],
    head: ['set', 'split', 'router', 'PGR at 50 %', 'APGR', 'CPT(50)', 'CPT(80)'],
    rows: lines.map((line) => [
      ...[line.set, line.split, line.router, line.pgr50.mean.toFixed(3), spread(line.apgr, 3)],
      ...[share(line.cpt50), share(line.cpt80)],
    ]),
    charts: ['MMLU', 'GSM8K'].map((set) => chartOf(set, lines)),
    data: lines,
  };
}

/** What was tried for subjects never seen. */
function acrossTasks(
  plain: readonly Example[],
  { wholes }: SectionOptions,
): [Yardstick, readonly Example[], Split][] {
  const tried: [Yardstick, readonly Example[]][] = [[lengthAlone, plain]];
  if (wholes !== undefined) {
    const vectors = plain.map((one) => ({ ...one, x: Float64Array.from(wholes.get(one.text) ?? []) }));
    for (const lambda of [1, 10, 100])
      tried.push([
        { ...ridgeYardstick(lambda), name: `ridge, all of the encoder's numbers, lambda ${lambda}` },
        vectors,
      ]);
  }
  return tried.map(([router, examples]) => [router, examples, 'across tasks']);
}

/** Learns nothing but which way it goes: the longer prompt goes to the model that gains more on long ones. */
const lengthAlone: Yardstick = {
  name: 'length alone',
  fit: (examples) => {
    const linear = ridgeYardstick(LAMBDA).fit(examples.map((one) => ({ ...one, x: lengthOf(one) })));
    return (query) => linear({ ...query, x: lengthOf(query) });
  },
};

const lengthOf = ({ text }: { readonly text: string }): Float64Array =>
  Float64Array.from([1, Math.log10(1 + text.length)]);

const named = (one: Yardstick): Yardstick => ({
  ...one,
  name: one.name.replace('features', 'embedded features'),
});

const share = ({ mean: value }: Interval): string => `${(100 * value).toFixed(1)} %`;

/** As a gateway could have learnt it: each training prompt went to one model, by a fair coin, and has that one score. */
const oneScoreAPrompt: Yardstick = {
  name: 'ridge, features, one score a prompt',
  fit: (examples) => {
    const random = new Sfc32(examples.length);
    const centres = (examples[0]?.scores ?? []).map(() => 0.5);
    const sums = centres.map(() => new LinearSums(examples[0]?.x.length ?? 0));
    for (const { x, scores } of examples) {
      const model = random.nextUnit() < 0.5 ? 0 : 1;
      sums[model]?.add(x, (scores[model] ?? 0) - (centres[model] ?? 0));
    }
    const thetas = sums.map((one) => coefficients(one, LAMBDA));
    return ({ x }) => thetas.map((theta, model) => (centres[model] ?? 0) + dot(theta, x));
  },
};

function lineOf(
  set: string,
  split: Split,
  router: Yardstick,
  outcomes: Outcomes,
  examples: readonly Example[],
  { seeds }: SectionOptions,
): Line {
  const strong = indexOfLargest(meanScores(outcomes));
  const weak = 1 - strong;
  const results: RouteMeasures[] = [];
  // Neighbours of 7,000 prompts are slow to find.
  const splits = router.name.startsWith('kNN') ? 1 : Math.min(10, seeds);
  for (let seed = 1; seed <= splits; seed += 1) {
    const trains = trainingHalf(outcomes, split, new Sfc32(seed));
    const predict = router.fit(examples.filter((_, at) => trains[at]));
    const judged = examples.filter((_, at) => !trains[at]);
    results.push(
      routeMeasures(
        judged.map((example) => {
          const predicted = predict(example);
          const { scores } = example;
          return {
            wish: (predicted[strong] ?? 0) - (predicted[weak] ?? 0),
            ...{ weak: scores[weak] ?? 0, strong: scores[strong] ?? 0 },
          };
        }),
      ),
    );
  }
  const over = (pick: (measures: RouteMeasures) => number): Interval => intervalOf(results.map(pick));
  return {
    ...{ set, split, router: router.name },
    pgr50: over(({ pgr50 }) => pgr50),
    apgr: over(({ apgr }) => apgr),
    cpt50: over(({ cpt50 }) => cpt50),
    cpt80: over(({ cpt80 }) => cpt80),
    curve: Array.from({ length: GRID + 1 }, (_, at): [number, number] => [
      (100 * at) / GRID,
      mean(results.map(({ curve }) => pgrAt(curve, at / GRID))),
    ]),
  };
}

/** For each prompt, whether it trains. */
function trainingHalf({ prompts }: Outcomes, split: Split, random: Sfc32): boolean[] {
  const tasks = [...new Set(prompts.map(({ task }) => task))];
  if (split === 'across tasks') {
    const order = permutation(tasks.length, random);
    const chosen = new Set(order.slice(0, Math.floor(tasks.length / 2)).map((at) => tasks[at]));
    return prompts.map(({ task }) => chosen.has(task));
  }
  const trains = prompts.map(() => false);
  for (const task of tasks) {
    const own = prompts.flatMap((prompt, at) => (prompt.task === task ? [at] : []));
    const order = permutation(own.length, random);
    for (const at of order.slice(0, Math.floor(own.length / 2))) trains[own[at] ?? 0] = true;
  }
  return trains;
}

function chartOf(set: string, lines: readonly Line[]) {
  const series: Series[] = lines
    .filter((line) => line.set === set)
    .map(({ router, split, curve }) => ({
      name: split === 'across tasks' ? `${router}, ${split}` : router,
      points: curve.map(([x, y]): [number, number] => [x, y]),
    }));
  series.push({
    name: 'random',
    dashed: true,
    points: [
      [0, 0],
      [100, 1],
    ],
  });
  return {
    file: `two-models-${set.toLowerCase()}.svg`,
    chart: {
      title: `${set}: quality gap recovered by share of calls to GPT-4`,
      ...{ x: 'calls to the strong model, %', y: 'PGR', series },
    },
  };
}
