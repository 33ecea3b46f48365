/**
 * A strategy of the gateway whose prediction for each model is held to that model's own mean on the task that the caller names:
 * the prediction counts as so many scores of that task. It asks for counts by name beside the state that the gateway keeps.
 */
import { BATCH, type Ranked } from './selection.ts';
import type { Arm, Strategy, StrategyMaker } from './strategy.ts';

/** Within a task, what a model earns is taken to be within a fourth of the noise of what is predicted of it. */
const STRENGTH = 16;

interface Counts {
  n: number;
  sum: number;
}

export const byTask = (own: StrategyMaker<Ranked>): StrategyMaker => ({
  name: `${own.name}, counts by name`,
  make: (arms, size) => new ByTask(own.make(arms, size), arms),
});

class ByTask implements Strategy {
  readonly #own: Ranked;
  readonly #arms: readonly Arm[];
  readonly #counts = new Map<string, Counts[]>();
  readonly #waiting: (() => void)[] = [];

  constructor(own: Ranked, arms: readonly Arm[]) {
    this.#own = own;
    this.#arms = arms;
  }

  choose(x: Float64Array, seed: number, task = ''): number {
    const counts = this.#countsOf(task);
    let [chosen, highest] = [0, Number.NEGATIVE_INFINITY];
    for (const { id, quality, score } of this.#own.rank(x, seed)) {
      const arm = this.#arms.findIndex((one) => one.id === id);
      const { n, sum } = counts[arm] ?? { n: 0, sum: 0 };
      const held = score - quality + (STRENGTH * quality + sum) / (STRENGTH + n);
      if (held > highest) [chosen, highest] = [arm, held];
    }
    return chosen;
  }

  learn(x: Float64Array, arm: number, score: number, task = ''): void {
    this.#own.learn(x, arm, score);
    const counts = this.#countsOf(task)[arm];
    this.#waiting.push(() => {
      if (counts === undefined) return;
      counts.n += 1;
      counts.sum += score;
    });
    if (this.#waiting.length >= BATCH) for (const count of this.#waiting.splice(0)) count();
  }

  #countsOf(task: string): Counts[] {
    const known = this.#counts.get(task) ?? this.#arms.map(() => ({ n: 0, sum: 0 }));
    this.#counts.set(task, known);
    return known;
  }
}
