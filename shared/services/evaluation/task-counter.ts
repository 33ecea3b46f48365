/** What `learn` would count of one arm by task: the twin of rust-selector/src/task_counts.rs for whole logs. */
import { MAX_TASKS, type TaskCounts } from '../../model/task-counts.ts';

interface Counted {
  readonly n: number;
  readonly sum: number;
}

export class TaskCounter {
  /** In the order in which they were last counted. */
  readonly #counts = new Map<number, Counted>();

  /** One more score of the arm, and of this task where one was named. */
  add(task: number | undefined, score: number, gamma: number): void {
    if (gamma < 1) {
      for (const [one, { n, sum }] of this.#counts) this.#counts.set(one, { n: gamma * n, sum: gamma * sum });
    }
    if (task === undefined) return;
    const known = this.#counts.get(task);
    if (known === undefined) this.#makeRoom();
    this.#counts.delete(task);
    this.#counts.set(task, { n: (known?.n ?? 0) + 1, sum: (known?.sum ?? 0) + score });
  }

  /** As it stands; undefined where nothing was counted. */
  state(): TaskCounts | undefined {
    if (this.#counts.size === 0) return undefined;
    return [...this.#counts].map(([task, counted]) => ({ task, ...counted }));
  }

  /** The smallest count goes, of equal ones the one counted longest ago. */
  #makeRoom(): void {
    if (this.#counts.size < MAX_TASKS) return;
    let least: number | undefined;
    let smallest = Number.POSITIVE_INFINITY;
    for (const [task, { n }] of this.#counts) {
      if (n < smallest) [least, smallest] = [task, n];
    }
    if (least !== undefined) this.#counts.delete(least);
  }
}
