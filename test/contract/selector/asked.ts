/** Arbitrary requests and learnt states, for properties that hold whatever the selector is asked. */
import fc from 'fast-check';
import type { LinearState } from '../../../shared/model/linear-state.ts';
import type { MemoryState } from '../../../shared/model/memory-state.ts';
import type { ArmState, PolicyState, SelectChosen, SelectRequest } from '../../../shared/model/selection.ts';
import { NewestScores } from '../../../shared/services/evaluation/newest-scores.ts';
import { TaskCounter } from '../../../shared/services/evaluation/task-counter.ts';
import { selectBatch } from '../../../shared/services/selection/select-batch.ts';

export interface Situation {
  readonly request: SelectRequest;
  readonly arms: ReadonlyMap<string, ArmState>;
}

export interface Observed {
  readonly features: readonly number[];
  readonly score: number;
  readonly task?: number | undefined;
}

export const double = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const unit = double(0, 1);
const amount = double(0, 1e6);

const candidates = fc.uniqueArray(
  fc.record({
    id: fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,12}$/),
    prior_quality: unit,
    cost_usd: amount,
    latency_ms: amount,
    availability: unit,
  }),
  { minLength: 1, maxLength: 12, selector: (one) => one.id },
);

const weights = fc.record({
  quality: amount,
  cost: amount,
  latency: amount,
  cost_scale_usd: double(1e-9, 10),
  latency_scale_ms: double(1e-9, 1e4),
});

/** Every strategy, in every form that it has. */
export const STRATEGIES: readonly Pick<SelectRequest, 'strategy' | 'params'>[] = [
  { strategy: 'thompson' },
  { strategy: 'thompson', params: { likelihood: 'gaussian' } },
  { strategy: 'ucb1' },
  { strategy: 'ucb1', params: { variant: 'tuned' } },
  { strategy: 'linucb' },
  { strategy: 'lin-thompson' },
  { strategy: 'knn', params: { neighbours: 3 } },
  { strategy: 'epsilon-greedy', params: { epsilon: 0.3 } },
  { strategy: 'greedy', params: { likelihood: 'gaussian' } },
  { strategy: 'greedy', params: { likelihood: 'linear' } },
  { strategy: 'fixed', params: { model: 'a' } },
];

export const features = (dimension: number) =>
  fc.array(double(-2, 2), { minLength: dimension - 1, maxLength: dimension - 1 }).map((rest) => [1, ...rest]);

/** Few, so that they come again. */
const task = fc.option(fc.nat(3), { nil: undefined });

export const observations = (dimension: number, minLength = 0) =>
  fc.array(fc.record({ features: features(dimension), score: unit, task }), { minLength, maxLength: 20 });

/** The sums that `learn` keeps, written out. */
export function sumsOf(dimension: number, observed: readonly Observed[], gamma: number): LinearState {
  const upper = new Float64Array((dimension * (dimension + 1)) / 2);
  const b = new Float64Array(dimension);
  for (const { features, score } of observed) {
    let at = 0;
    for (const [row, x] of features.entries()) {
      b[row] = (b[row] ?? 0) * gamma + score * x;
      for (const y of features.slice(row)) {
        upper[at] = (upper[at] ?? 0) * gamma + x * y;
        at += 1;
      }
    }
  }
  return { dimension, upper, b };
}

/** The size that arms in situations have of memory: less than some of them saw. */
const REMEMBERED = 8;

export function memoryOf(observed: readonly Observed[], size: number): MemoryState {
  const newest = new NewestScores(size);
  for (const { features, score } of observed) newest.add(features, score);
  const state = newest.state();
  if (state === undefined) throw new Error('nothing observed');
  return state;
}

function armOf(dimension: number, observed: readonly Observed[]): ArmState {
  const scores = observed.map((one) => one.score);
  const counter = new TaskCounter();
  for (const { task: named, score } of observed) counter.add(named, score, 1);
  const tasks = counter.state();
  return {
    n: scores.length,
    sum: scores.reduce((sum, score) => sum + score, 0),
    sumSquares: scores.reduce((sum, score) => sum + score * score, 0),
    count: scores.length,
    linear: sumsOf(dimension, observed, 1),
    memory: memoryOf(observed, REMEMBERED),
    ...(tasks === undefined ? {} : { tasks }),
  };
}

/** A request with features, and states of some of its candidates and of one that it does not list. */
export const situation: fc.Arbitrary<Situation> = fc.integer({ min: 1, max: 6 }).chain((dimension) =>
  fc
    .record({
      strategy: fc.constantFrom(...STRATEGIES),
      seed: fc.maxSafeNat(),
      strength: double(1, 1e6),
      lambda: double(0.001, 1e3),
      weights,
      candidates,
      features: features(dimension),
      named: task,
      observed: fc.array(observations(dimension, 1), { maxLength: 6 }),
    })
    .map(({ strategy, seed, strength, lambda, weights, candidates, features, named, observed }) => ({
      request: {
        id: 'r',
        policy: 'p',
        strategy: strategy.strategy,
        params: { prior_strength: strength, lambda, ...strategy.params },
        seed,
        weights,
        candidates,
        features,
        ...(named === undefined ? {} : { task: named }),
      },
      arms: new Map(
        observed.map((scores, index) => [candidates[index]?.id ?? '~unlisted', armOf(dimension, scores)]),
      ),
    })),
);

export function choose(
  request: SelectRequest,
  arms: ReadonlyMap<string, ArmState> = new Map(),
): SelectChosen {
  const state: PolicyState = { version: 1, freshness: 'fresh', arms };
  const reply = selectBatch({ contract: 1, requests: [request] }, new Map([[request.policy, state]]));
  const result = 'results' in reply ? reply.results[0] : undefined;
  if (result === undefined || !('ranking' in result)) throw new Error(`refused: ${JSON.stringify(reply)}`);
  return result;
}
