/** Online replay on nine models: every strategy, every scenario, from nothing known and calibrated. */
import { contextsOf } from '../contexts.ts';
import { type Interval, intervalOf } from '../interval.ts';
import { beginning, CALIBRATION_PROMPTS, readNineModels } from '../nine-models.ts';
import { indexOfLargest, mean, meanScores, type Outcomes } from '../outcomes.ts';
import { CURVE_POINTS, type ReplayResult, replay, type Scenario } from '../replay.ts';
import type { Series } from '../report/line-chart.ts';
import { percent, spread } from '../report/table.ts';
import { COMPARED, type Compared } from '../strategies/all.ts';
import { fixed, uniform } from '../strategies/fixed.ts';
import type { Section, SectionOptions } from './section.ts';

interface Line {
  readonly scenario: string;
  readonly start: string;
  readonly strategy: string;
  readonly seeds: number;
  readonly reward: Interval;
  readonly regretBest: Interval;
  readonly regretOracle: Interval;
  readonly gap: Interval;
  readonly lateGap: Interval;
  readonly costPerThousand: Interval;
  readonly curve: readonly number[];
}

export function online(options: SectionOptions): Section {
  const outcomes = readNineModels(options);
  const { embeddings } = options;
  const hashed = contextsOf(outcomes);
  const embedded = embeddings === undefined ? undefined : contextsOf(outcomes, { embeddings });
  const contextsFor = (one: Compared): Float64Array[] => (one.embedded === true ? embedded : hashed) ?? [];
  const best = indexOfLargest(meanScores(outcomes));
  const lines: Line[] = [];
  for (const scenario of scenarios(best)) {
    const plain = scenario.name === 'full';
    const compared = COMPARED.filter(
      (one) => (plain || one.plainOnly !== true) && (one.embedded !== true || embedded !== undefined),
    );
    const references = [{ maker: fixed(`fixed: ${outcomes.models[best]}`, best) }, { maker: uniform }];
    for (const one of references) lines.push(lineOf(outcomes, hashed, scenario, one, false, options));
    for (const calibrated of [false, true]) {
      for (const one of compared)
        lines.push(lineOf(outcomes, contextsFor(one), scenario, one, calibrated, options));
    }
  }
  return {
    title: 'Online replay, nine models',
    notes: [
      `Each seed replays ${outcomes.prompts.length - CALIBRATION_PROMPTS} prompts in random order and shows the chosen model's score only.`,
      `cold: every prior is .5. calibrated: ${CALIBRATION_PROMPTS} other prompts, scored for every model, set the priors and were learnt.`,
      'gap closed: (reward - best single) / (oracle - best single), the best single model being known in hindsight.',
    ],
    head: [
      ...['feedback', 'start', 'strategy', 'seeds', 'reward', 'regret to best', 'regret to oracle'],
      ...['gap closed', 'in the last half', '$ per 1,000'],
    ],
    rows: lines.map((line) => [
      ...[line.scenario, line.start, line.strategy, String(line.seeds)],
      ...[spread(line.reward), spread(line.regretBest), line.regretOracle.mean.toFixed(4)],
      ...[percent(line.gap), percent(line.lateGap), line.costPerThousand.mean.toFixed(3)],
    ]),
    charts: [chartOf(lines, 'cold'), chartOf(lines, 'calibrated')],
    data: lines,
  };
}

const scenarios = (best: number): Scenario[] => [
  { name: 'full' },
  { name: 'delayed 0-500', delay: 500 },
  { name: '10 %', share: 0.1 },
  { name: 'best drops by half', drop: { arm: best, factor: 0.5 } },
];

function lineOf(
  outcomes: Outcomes,
  contexts: readonly Float64Array[],
  scenario: Scenario,
  { maker, costWeight = 0 }: Compared,
  calibrated: boolean,
  options: SectionOptions,
): Line {
  const start = calibrated ? 'calibrated' : 'cold';
  options.progress(`online replay: ${scenario.name}, ${start}, ${maker.name}`);
  const results: ReplayResult[] = [];
  for (let seed = 1; seed <= options.seeds; seed += 1) {
    const { prepare, ...begun } = beginning(outcomes, contexts, seed, { calibrated, costWeight });
    results.push(replay(prepare(maker), { ...begun, scenario, seed }));
  }
  const over = (pick: (result: ReplayResult) => number): Interval => intervalOf(results.map(pick));
  return {
    ...{ scenario: scenario.name, start, strategy: maker.name, seeds: results.length },
    reward: over(({ reward }) => reward),
    regretBest: over(({ reward, bestSingle }) => bestSingle - reward),
    regretOracle: over(({ reward, oracle }) => oracle - reward),
    gap: over(({ reward, bestSingle, oracle }) => (reward - bestSingle) / (oracle - bestSingle)),
    lateGap: over(
      ({ lateReward, lateBestSingle, lateOracle }) =>
        (lateReward - lateBestSingle) / (lateOracle - lateBestSingle),
    ),
    costPerThousand: over(({ cost }) => 1_000 * cost),
    curve: Array.from({ length: CURVE_POINTS }, (_, at) => mean(results.map(({ curve }) => curve[at] ?? 0))),
  };
}

function chartOf(lines: readonly Line[], start: string) {
  const drawn = new Set(COMPARED.filter(({ curve }) => curve).map(({ maker }) => maker.name));
  const series = lines
    .filter((line) => line.scenario === 'full')
    .filter(
      ({ strategy, ...line }) =>
        strategy.startsWith('fixed') || (line.start === start && drawn.has(strategy)),
    )
    .map(
      ({ strategy, curve }): Series => ({
        name: strategy,
        // The first means are of a few prompts only and would stretch the axis.
        points: curve.map((value, at): [number, number] => [(100 * (at + 1)) / CURVE_POINTS, value]).slice(3),
        dashed: strategy.startsWith('fixed'),
      }),
    );
  return {
    file: `replay-${start}.svg`,
    chart: {
      title: `Mean reward so far, ${start} start, full feedback`,
      ...{ x: 'prompts replayed, %', y: 'mean reward', series },
    },
  };
}
