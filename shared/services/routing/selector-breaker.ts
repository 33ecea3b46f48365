/** Keeps requests from waiting for a selector that just failed: open for a while, then one probe decides. */
import type { Clock } from '../../ports/runtime.ts';

export type BreakerState = 'closed' | 'open' | 'half_open';

export class SelectorBreaker {
  readonly #clock: Clock;
  readonly #openMs: number;
  #openedAt: number | undefined;
  #probing = false;

  constructor(clock: Clock, openMs = 2_000) {
    this.#clock = clock;
    this.#openMs = openMs;
  }

  /** May a call start now? While half open, only one at a time may. */
  tryAcquire(): boolean {
    if (this.#openedAt === undefined) return true;
    if (this.#probing || this.#clock.monotonic() - this.#openedAt < this.#openMs) return false;
    this.#probing = true;
    return true;
  }

  succeeded(): void {
    this.#openedAt = undefined;
    this.#probing = false;
  }

  failed(): void {
    this.#openedAt = this.#clock.monotonic();
    this.#probing = false;
  }
}
