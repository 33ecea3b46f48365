/** What `learn` would have made of past decisions: the twin of rust-selector/src/learn for whole logs. */
import type { LinearState } from '../../model/linear-state.ts';
import type { Learnable } from '../../model/observation.ts';
import type { ArmState } from '../../model/selection.ts';
import { NewestScores } from './newest-scores.ts';
import { TaskCounter } from './task-counter.ts';

export interface Lesson {
  arm: string;
  score: number;
  /** Where the policy goes by them. */
  features?: readonly number[] | undefined;
  /** Hash of what the caller named its task. */
  task?: number | undefined;
}

const NOTHING: ArmState = { n: 0, sum: 0, sumSquares: 0, count: 0 };

/** `gamma` fades an arm at each of its own scores. Lessons stand in the order in which they came. */
export const fitState = (
  lessons: Iterable<Lesson>,
  { gamma = 1, memory: size }: Pick<Learnable, 'gamma' | 'memory'>,
): Map<string, ArmState> => {
  const arms = new Map<string, ArmState>();
  const memories = new Map<string, NewestScores>();
  const counters = new Map<string, TaskCounter>();
  for (const { arm, score, features, task } of lessons) {
    const { n, sum, sumSquares, count, linear } = arms.get(arm) ?? NOTHING;
    if (features !== undefined && size !== undefined) {
      const memory = memories.get(arm) ?? new NewestScores(size);
      memory.add(features, score);
      memories.set(arm, memory);
    }
    if (features !== undefined) {
      const counter = counters.get(arm) ?? new TaskCounter();
      counter.add(task, score, gamma);
      counters.set(arm, counter);
    }
    const learnt = features === undefined ? linear : learnLinear(linear, features, score, gamma);
    arms.set(arm, {
      n: gamma * n + 1,
      sum: gamma * sum + score,
      sumSquares: gamma * sumSquares + score * score,
      count: count + 1,
      ...(learnt === undefined ? {} : { linear: learnt }),
    });
  }
  for (const [id, newest] of memories) {
    const [arm, memory] = [arms.get(id), newest.state()];
    if (arm !== undefined && memory !== undefined) arms.set(id, { ...arm, memory });
  }
  for (const [id, counter] of counters) {
    const [arm, tasks] = [arms.get(id), counter.state()];
    if (arm !== undefined && tasks !== undefined) arms.set(id, { ...arm, tasks });
  }
  return arms;
};

/** A = gamma A + x x^T by its upper triangle, b = gamma b + score x; changes the state in place once it is there. */
const learnLinear = (
  before: LinearState | undefined,
  x: readonly number[],
  score: number,
  gamma: number,
): LinearState => {
  const dimension = x.length;
  const state =
    before?.dimension === dimension
      ? before
      : {
          dimension,
          upper: new Float64Array((dimension * (dimension + 1)) / 2),
          b: new Float64Array(dimension),
        };
  let at = 0;
  for (let row = 0; row < dimension; row += 1) {
    const one = x[row] ?? 0;
    state.b[row] = gamma * (state.b[row] ?? 0) + score * one;
    for (let column = row; column < dimension; column += 1) {
      state.upper[at] = gamma * (state.upper[at] ?? 0) + one * (x[column] ?? 0);
      at += 1;
    }
  }
  return state;
};
