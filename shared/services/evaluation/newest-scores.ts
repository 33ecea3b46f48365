/** What `learn` would remember of one arm: the twin of rust-selector/src/memory.rs for whole logs. */
import { type MemoryState, memoryStateOf } from '../../model/memory-state.ts';
import { directionOf } from '../selection/nearest.ts';

export class NewestScores {
  readonly #size: number;
  readonly #scores: number[] = [];
  readonly #directions: Int8Array[] = [];

  /** Remembers so many. */
  constructor(size: number) {
    this.#size = size;
  }

  /** Features as many as before, or all is begun anew. */
  add(features: ArrayLike<number>, score: number): void {
    const direction = directionOf(features);
    if (this.#directions[0]?.length !== direction.length) {
      this.#scores.length = 0;
      this.#directions.length = 0;
    }
    this.#scores.push(score);
    this.#directions.push(direction);
    if (this.#scores.length <= this.#size) return;
    this.#scores.shift();
    this.#directions.shift();
  }

  /** As it stands; undefined where nothing is remembered. */
  state(): MemoryState | undefined {
    const [first] = this.#directions;
    if (first === undefined) return undefined;
    const steps = new Int8Array(first.length * this.#directions.length);
    for (const [index, direction] of this.#directions.entries()) steps.set(direction, first.length * index);
    return memoryStateOf(first.length + 1, Float64Array.from(this.#scores), steps);
  }
}
