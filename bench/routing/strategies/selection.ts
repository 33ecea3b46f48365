/** The gateway's own selector (shared/services/selection), as it stands, behind the replay's interface. */

import { DEFAULT_MEMORY } from '../../../shared/model/memory-state.ts';
import {
  type ArmState,
  type RankedCandidate,
  SELECT_CONTRACT,
  type SelectParams,
  type SelectStrategy,
} from '../../../shared/model/selection.ts';
import { NewestScores } from '../../../shared/services/evaluation/newest-scores.ts';
import { TaskCounter } from '../../../shared/services/evaluation/task-counter.ts';
import { taskHash } from '../../../shared/services/features/task-type.ts';
import { SelectionMemo } from '../../../shared/services/selection/memo.ts';
import { selectBatch } from '../../../shared/services/selection/select-batch.ts';
import { LinearSums } from '../linear-sums.ts';
import type { Arm, Strategy, StrategyMaker } from './strategy.ts';

const POLICY = 'replay';
const ID = 'replay';

/** Scores become known to the selector in batches of so many: `learn` works in batches, and a matrix is solved anew
 * only when a batch changed it. */
const BATCH = 8;

const LINEAR: ReadonlySet<SelectStrategy> = new Set(['linucb', 'lin-thompson']);

export const ownSelector = (
  strategy: SelectStrategy,
  params: SelectParams,
  name: string = strategy,
): StrategyMaker => ({ name, make: (arms, size) => new OwnSelector(strategy, params, arms, size) });

class OwnSelector implements Strategy {
  readonly #strategy: SelectStrategy;
  readonly #params: SelectParams;
  readonly #arms: readonly Arm[];
  readonly #states = new Map<string, ArmState>();
  /** Of a strategy that goes by them, as the other. */
  readonly #sums: readonly LinearSums[];
  readonly #newest: readonly NewestScores[];
  readonly #counters: readonly TaskCounter[];
  readonly #changed = new Set<number>();
  readonly #learnt: Omit<ArmState, 'linear' | 'memory' | 'tasks'>[];
  readonly #ridges = new SelectionMemo();
  #waiting = 0;

  constructor(strategy: SelectStrategy, params: SelectParams, arms: readonly Arm[], size: number) {
    this.#strategy = strategy;
    this.#params = params;
    this.#arms = arms;
    const linear = params.likelihood === 'linear' || LINEAR.has(strategy);
    this.#sums = linear ? arms.map(() => new LinearSums(size)) : [];
    this.#counters = linear ? arms.map(() => new TaskCounter()) : [];
    const { memory = DEFAULT_MEMORY } = params;
    this.#newest = strategy === 'knn' ? arms.map(() => new NewestScores(memory)) : [];
    this.#learnt = arms.map(() => ({ n: 0, sum: 0, sumSquares: 0, count: 0 }));
  }

  choose(x: Float64Array, seed: number, task?: string): number {
    const [first] = this.#rank(x, seed, task);
    return this.#arms.findIndex(({ id }) => id === first?.id);
  }

  propensities(x: Float64Array, seed: number): number[] {
    const shares = new Map(this.#rank(x, seed).map(({ id, propensity }) => [id, propensity]));
    return this.#arms.map(({ id }) => shares.get(id) ?? 0);
  }

  learn(x: Float64Array, arm: number, score: number, task?: string): void {
    const { gamma = 1 } = this.#params;
    const { n, sum, sumSquares, count } = this.#learnt[arm] ?? { n: 0, sum: 0, sumSquares: 0, count: 0 };
    this.#learnt[arm] = {
      n: gamma * n + 1,
      sum: gamma * sum + score,
      sumSquares: gamma * sumSquares + score * score,
      count: count + 1,
    };
    if (gamma < 1) this.#sums[arm]?.fade(gamma);
    this.#sums[arm]?.add(x, score);
    this.#newest[arm]?.add(x, score);
    this.#counters[arm]?.add(hashOf(task), score, gamma);
    this.#changed.add(arm);
    this.#waiting += 1;
    if (this.#waiting >= BATCH) this.#publish();
  }

  #publish(): void {
    for (const arm of this.#changed) {
      const learnt = this.#learnt[arm];
      const linear = this.#sums[arm]?.state();
      if (learnt === undefined) continue;
      const memory = this.#newest[arm]?.state();
      const tasks = this.#counters[arm]?.state();
      const state = {
        ...learnt,
        ...(linear === undefined ? {} : { linear }),
        ...(memory === undefined ? {} : { memory }),
        ...(tasks === undefined ? {} : { tasks }),
      };
      this.#states.set(this.#arms[arm]?.id ?? '', state);
    }
    this.#changed.clear();
    this.#waiting = 0;
  }

  /** The chosen one first. */
  #rank(x: Float64Array, seed: number, name?: string): readonly RankedCandidate[] {
    const task = hashOf(name);
    const request = {
      ...{ id: ID, policy: POLICY, strategy: this.#strategy, params: this.#params, seed },
      // The offset is already in units of quality, so it travels as a latency of scale 1.
      weights: { quality: 1, cost: 0, latency: 1, cost_scale_usd: 1, latency_scale_ms: 1 },
      candidates: this.#arms.map(({ id, prior, offset }) => ({
        ...{ id, prior_quality: prior, cost_usd: 0, latency_ms: -offset },
      })),
      features: Array.from(x),
      ...(task === undefined ? {} : { task }),
    };
    const state = { version: 1, freshness: 'fresh' as const, arms: this.#states };
    const states = new Map([[POLICY, state]]);
    const batch = { contract: SELECT_CONTRACT, requests: [request] };
    const reply = selectBatch(batch, states, undefined, this.#ridges);
    const result = 'results' in reply ? reply.results[0] : undefined;
    if (result === undefined) throw new Error('the selector refused the replay');
    if ('error' in result) throw new Error(`the selector refused the replay: ${result.error.message}`);
    return result.ranking;
  }
}

const hashOf = (name: string | undefined): number | undefined =>
  name === undefined ? undefined : taskHash(name);
