/**
 * Replays recorded outcomes as if they happened now: prompts come in random order, a strategy chooses, and only the
 * chosen arm's score is ever shown to it (bandit feedback), at once, late, or for a part of the prompts.
 */
import { Sfc32 } from '../../shared/services/selection/random.ts';
import type { Outcomes } from './outcomes.ts';
import { permutation } from './shuffle.ts';
import type { Arm, StrategyMaker } from './strategies/strategy.ts';

export interface Scenario {
  readonly name: string;
  /** Feedback comes after 0 to this many further prompts, evenly spread; 0. */
  readonly delay?: number;
  /** Share of the prompts whose score is ever shown; 1. */
  readonly share?: number;
  /** From half-way on, this arm earns `factor` of what it did. */
  readonly drop?: { readonly arm: number; readonly factor: number };
}

export interface ReplayResult {
  /** Mean a prompt: reward, US dollars, and what the single best arm and the best arm of each prompt earned. */
  readonly reward: number;
  readonly cost: number;
  readonly bestSingle: number;
  readonly oracle: number;
  /** The same for the last half alone, when most has been learnt. */
  readonly lateReward: number;
  readonly lateBestSingle: number;
  readonly lateOracle: number;
  /** Mean reward over the prompts so far, at `CURVE_POINTS` evenly spaced prompts. */
  readonly curve: readonly number[];
}

export const CURVE_POINTS = 60;

export interface ReplayOptions {
  readonly outcomes: Outcomes;
  readonly contexts: readonly Float64Array[];
  readonly arms: readonly Arm[];
  readonly scenario: Scenario;
  readonly seed: number;
}

export function replay(maker: StrategyMaker, options: ReplayOptions): ReplayResult {
  const { outcomes, contexts, arms, scenario, seed } = options;
  const { prompts } = outcomes;
  // Order and delays hang on the seed alone, so that strategies are compared on the same days.
  const random = new Sfc32(seed);
  const order = permutation(prompts.length, random);
  const strategy = maker.make(arms, contexts[0]?.length ?? 0);
  const due: (() => void)[][] = [];
  const early = { reward: 0, oracle: 0, singles: arms.map(() => 0) };
  const late = { reward: 0, oracle: 0, singles: arms.map(() => 0) };
  const curve: number[] = [];
  let cost = 0;
  for (const [step, at] of order.entries()) {
    for (const deliver of due[step] ?? []) deliver();
    due[step] = [];
    const prompt = prompts[at];
    const x = contexts[at];
    if (prompt === undefined || x === undefined) throw new Error('contexts and prompts differ in number');
    const arm = strategy.choose(x, seed * 1_000_003 + step, prompt.source);
    const half = step >= order.length / 2 ? late : early;
    const scores = scoresAt(prompt.scores, scenario, half === late);
    const score = scores[arm] ?? 0;
    half.reward += score;
    half.oracle += Math.max(...scores);
    for (const [index, value] of scores.entries()) half.singles[index] = (half.singles[index] ?? 0) + value;
    cost += prompt.costs[arm] ?? 0;
    const shown = random.nextUnit() < (scenario.share ?? 1);
    const later = step + 1 + Math.floor(random.nextUnit() * ((scenario.delay ?? 0) + 1));
    if (shown) {
      due[later] ??= [];
      due[later].push(() => strategy.learn(x, arm, score, prompt.source));
    }
    if (Math.floor(((step + 1) * CURVE_POINTS) / order.length) > curve.length)
      curve.push((early.reward + late.reward) / (step + 1));
  }
  const n = order.length;
  const lateN = Math.floor(n / 2);
  return {
    reward: (early.reward + late.reward) / n,
    cost: cost / n,
    bestSingle: Math.max(...early.singles.map((sum, arm) => sum + (late.singles[arm] ?? 0))) / n,
    oracle: (early.oracle + late.oracle) / n,
    lateReward: late.reward / lateN,
    lateBestSingle: Math.max(...late.singles) / lateN,
    lateOracle: late.oracle / lateN,
    curve,
  };
}

function scoresAt(scores: readonly number[], { drop }: Scenario, late: boolean): readonly number[] {
  if (drop === undefined || !late) return scores;
  return scores.map((score, arm) => (arm === drop.arm ? score * drop.factor : score));
}
