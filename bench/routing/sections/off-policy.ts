/**
 * One policy judged from another's traffic: a router fitted offline, estimated from the logs of replays that never ran it,
 * against what it would have earned on the very same prompts, which the recorded outcomes tell.
 */
import type { ModelledDecision } from '../../../shared/services/evaluation/logged-decision.ts';
import {
  doublyRobust,
  type Estimate,
  inversePropensity,
  selfNormalised,
} from '../../../shared/services/evaluation/off-policy.ts';
import { Sfc32 } from '../../../shared/services/selection/random.ts';
import { examplesOf } from '../contexts.ts';
import { readNineModels } from '../nine-models.ts';
import { indexOfLargest, mean } from '../outcomes.ts';
import { permutation, pick } from '../shuffle.ts';
import { epsilonGreedy, linThompson } from '../strategies/all.ts';
import { uniform } from '../strategies/fixed.ts';
import type { StrategyMaker } from '../strategies/strategy.ts';
import { ridgeYardstick } from '../yardsticks/linear.ts';
import type { Example, Predict } from '../yardsticks/model.ts';
import type { Section, SectionOptions } from './section.ts';

const LAMBDA = 1;
/** The judged policy explores a little, as any policy should that is to be judged in its turn. */
const TARGET_EPSILON = 0.1;

const named = (maker: StrategyMaker): StrategyMaker => ({ ...maker, name: `${maker.name}, learning` });

const LOGGERS: readonly StrategyMaker[] = [
  uniform,
  named(epsilonGreedy(0.2)),
  named(linThompson(0.5)),
  named(linThompson(0.5, { floor: 0.1 })),
];

const ESTIMATORS: readonly [string, (log: readonly ModelledDecision[]) => Estimate][] = [
  ['IPS', inversePropensity],
  ['SNIPS', selfNormalised],
  ['doubly robust', doublyRobust],
];

interface Judged {
  readonly truth: number;
  readonly estimate: Estimate;
}

export function offPolicy(options: SectionOptions): Section {
  const examples = examplesOf(readNineModels(options));
  const repeats = 3 * options.seeds;
  const rows: string[][] = [];
  const data: object[] = [];
  for (const logger of LOGGERS) {
    const judged = new Map<string, Judged[]>(ESTIMATORS.map(([name]) => [name, []]));
    for (let seed = 1; seed <= repeats; seed += 1) {
      options.progress(`off-policy: ${logger.name}, replay ${seed} of ${repeats}`);
      const { log, truth } = logOf(logger, examples, seed);
      for (const [name, estimate] of ESTIMATORS) judged.get(name)?.push({ truth, estimate: estimate(log) });
    }
    for (const [name, all] of judged) {
      const line = summary(all);
      data.push({ logger: logger.name, estimator: name, ...line });
      rows.push([
        ...[logger.name, name, line.truth.toFixed(4), line.value.toFixed(4), line.rmse.toFixed(4)],
        ...[line.width.toFixed(4), `${(100 * line.covered).toFixed(0)} %`, line.effective.toFixed(0)],
      ]);
    }
  }
  return {
    title: 'Off-policy evaluation, nine models',
    notes: [
      `The judged policy: ridge on the features, fitted on a quarter of the prompts, exploring ${100 * TARGET_EPSILON} %. Logs: half of the prompts, ${repeats} replays.`,
      'The reward model of the doubly robust estimator is fitted on the last quarter. covered: share of the 95 % intervals that hold the true value.',
    ],
    head: [
      'logged by',
      'estimator',
      'true value',
      'estimate',
      'RMSE',
      'interval width',
      'covered',
      'effective size',
    ],
    rows,
    charts: [],
    data,
  };
}

function logOf(logger: StrategyMaker, examples: readonly Example[], seed: number) {
  const random = new Sfc32(seed);
  const order = pick(examples, permutation(examples.length, random));
  const quarter = Math.floor(order.length / 4);
  const target = ridgeYardstick(LAMBDA).fit(order.slice(0, quarter));
  const model = ridgeYardstick(LAMBDA).fit(order.slice(quarter, 2 * quarter));
  const replayed = order.slice(2 * quarter);
  const models = order[0]?.scores.length ?? 0;
  const arms = Array.from({ length: models }, (_, arm) => ({ id: String(arm), prior: 0.5, offset: 0 }));
  const strategy = logger.make(arms, order[0]?.x.length ?? 0);
  const truths: number[] = [];
  const log = replayed.map((example, step): ModelledDecision => {
    const propensities = strategy.propensities?.(example.x, seed * 1_000_003 + step) ?? [];
    // Drawn from the very propensities that are logged.
    const arm = drawFrom(propensities, random);
    const wanted = targetShares(target, example);
    const reward = example.scores[arm] ?? 0;
    const modelled = model(example);
    strategy.learn(example.x, arm, reward);
    truths.push(dot(wanted, example.scores));
    return {
      ...{ propensity: propensities[arm] ?? 0, target: wanted[arm] ?? 0, reward },
      ...{ modelled: modelled[arm] ?? 0, modelledTarget: dot(wanted, modelled) },
    };
  });
  return { log, truth: mean(truths) };
}

function targetShares(target: Predict, example: Example): number[] {
  const predicted = target(example);
  const best = indexOfLargest(predicted);
  return predicted.map(
    (_, arm) => TARGET_EPSILON / predicted.length + (arm === best ? 1 - TARGET_EPSILON : 0),
  );
}

function drawFrom(shares: readonly number[], random: Sfc32): number {
  let left = random.nextUnit();
  const found = shares.findIndex((share) => {
    left -= share;
    return left < 0;
  });
  // Rounding may leave a hair; the likeliest arm takes it.
  return found === -1 ? indexOfLargest(shares) : found;
}

const dot = (one: readonly number[], other: readonly number[]): number =>
  one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);

const summary = (all: readonly Judged[]) => ({
  truth: mean(all.map(({ truth }) => truth)),
  value: mean(all.map(({ estimate }) => estimate.value)),
  rmse: Math.sqrt(mean(all.map(({ truth, estimate }) => (estimate.value - truth) ** 2))),
  width: mean(all.map(({ estimate }) => estimate.high - estimate.low)),
  covered: mean(all.map(({ truth, estimate }) => (estimate.low <= truth && truth <= estimate.high ? 1 : 0))),
  effective: mean(all.map(({ estimate }) => estimate.effectiveSize)),
});
