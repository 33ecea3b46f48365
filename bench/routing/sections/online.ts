/** Online replay on nine models: every strategy, every scenario, from nothing known and calibrated. */
import { MAX_FEATURES } from '../../../shared/model/linear-state.ts';
import { FEATURE_SIZE, NAME_SIZE } from '../../../shared/services/features/extract-features.ts';
import { contextsOf } from '../contexts.ts';
import { type Interval, intervalOf } from '../interval.ts';
import { namesOf } from '../names.ts';
import { beginning, CALIBRATION_PROMPTS, hasSources, readNineModels } from '../nine-models.ts';
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

/** A line before it was replayed. */
interface Replayed {
  readonly scenario: Scenario;
  readonly compared: Compared;
  readonly contexts: readonly Float64Array[];
  /** With the names by which scores are counted. */
  readonly outcomes: Outcomes;
  readonly calibrated: boolean;
}

export function online(options: SectionOptions): Section {
  const outcomes = readNineModels(options);
  const hashed = contextsOf(outcomes);
  const contextsFor = contextsBy(outcomes, hashed, options);
  const { named, unnamed } = namesOf(outcomes);
  const best = indexOfLargest(meanScores(outcomes));
  const all: Replayed[] = [];
  for (const scenario of scenarios(best)) {
    const plain = scenario.name === 'full';
    const compared = COMPARED.filter(
      (one) => (plain || one.plainOnly !== true) && contextsFor(one) !== undefined,
    );
    const references = [{ maker: fixed(`fixed: ${outcomes.models[best]}`, best) }, { maker: uniform }];
    const alike = { scenario, outcomes: unnamed };
    for (const one of references) all.push({ ...alike, compared: one, contexts: hashed, calibrated: false });
    for (const calibrated of [false, true]) {
      for (const one of compared) {
        const contexts = contextsFor(one) ?? hashed;
        all.push({ scenario, compared: one, contexts, outcomes: named(one, contexts), calibrated });
      }
    }
  }
  const wanted = all.filter((line) => options.lines.test(nameOf(line)));
  // Seed by seed, so that a run that is cut off knows as much of every line.
  for (let seed = 1; seed <= options.seeds; seed += 1) {
    for (const line of wanted) replayOf(line, seed, options);
  }
  const lines = wanted.map((line) => lineOf(line, options));
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
      ...[spread(line.reward), spread(line.regretBest), spread(line.regretOracle)],
      ...[percent(line.gap), percent(line.lateGap), spread(line.costPerThousand, 3)],
    ]),
    charts: [chartOf(lines, 'cold'), chartOf(lines, 'calibrated')],
    data: lines,
  };
}

/** What a strategy goes by; undefined where the encoder, or the names of the tasks, are not there. */
function contextsBy(
  outcomes: Outcomes,
  hashed: readonly Float64Array[],
  { embeddings }: SectionOptions,
): (one: Compared) => readonly Float64Array[] | undefined {
  const told = hasSources(outcomes) ? { told: 'source' as const } : undefined;
  const names = told && contextsOf(outcomes, told);
  const embedded = embeddings && contextsOf(outcomes, { embeddings });
  const widely = told && contextsOf(outcomes, { ...told, signs: NAME_SIZE + MAX_FEATURES - FEATURE_SIZE });
  const both = embeddings && told && contextsOf(outcomes, { embeddings, ...told });
  return (one) => {
    if (one.widely === true) return widely;
    if (one.told === true) return one.embedded === true ? both : names;
    return one.embedded === true ? embedded : hashed;
  };
}

const scenarios = (best: number): Scenario[] => [
  { name: 'full' },
  { name: 'delayed 0-500', delay: 500 },
  { name: '10 %', share: 0.1 },
  { name: 'best drops by half', drop: { arm: best, factor: 0.5 } },
];

const startOf = ({ calibrated }: Replayed): string => (calibrated ? 'calibrated' : 'cold');

const nameOf = (line: Replayed): string =>
  [line.scenario.name, startOf(line), line.compared.maker.name].join(', ');

function replayOf(line: Replayed, seed: number, options: SectionOptions): ReplayResult {
  const { scenario, outcomes, contexts, calibrated } = line;
  const { maker, costWeight = 0 } = line.compared;
  return options.kept.get(['online', nameOf(line), seed], () => {
    options.progress(`online replay, order ${seed} of ${options.seeds}: ${nameOf(line)}`);
    const { prepare, ...begun } = beginning(outcomes, contexts, seed, { calibrated, costWeight });
    return replay(prepare(maker), { ...begun, scenario, seed });
  });
}

function lineOf(line: Replayed, options: SectionOptions): Line {
  const results = Array.from({ length: options.seeds }, (_, at) => replayOf(line, at + 1, options));
  const over = (pick: (result: ReplayResult) => number): Interval => intervalOf(results.map(pick));
  return {
    ...{ scenario: line.scenario.name, start: startOf(line) },
    ...{ strategy: line.compared.maker.name, seeds: results.length },
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
