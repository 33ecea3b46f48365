/** Delays between restarts: doubling from the first, forgiven once a process has lived for a while. */
export interface BackoffOptions {
  firstMs: number;
  mostMs: number;
  /** A process that lived this long starts over at the first delay. */
  healthyMs: number;
}

export const RESTART_BACKOFF: BackoffOptions = { firstMs: 100, mostMs: 2_000, healthyMs: 5_000 };

export class Backoff {
  readonly #options: BackoffOptions;
  #next: number;

  constructor(options: BackoffOptions = RESTART_BACKOFF) {
    this.#options = options;
    this.#next = options.firstMs;
  }

  /** Milliseconds to wait before the next start, given how long the last one lived. */
  delay(livedMs: number): number {
    if (livedMs >= this.#options.healthyMs) this.#next = this.#options.firstMs;
    const delay = this.#next;
    this.#next = Math.min(this.#options.mostMs, delay * 2);
    return delay;
  }
}
