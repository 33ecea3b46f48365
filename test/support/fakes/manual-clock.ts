/** Time that passes only when a test says so. */
import type { Clock } from '../../../shared/ports/runtime.ts';

interface Sleeper {
  until: number;
  wake: () => void;
}

export const START_MS = Date.parse('2026-01-05T12:00:00.000Z');

const settleDown = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
};

export class ManualClock implements Clock {
  /** Every sleep that was asked for, milliseconds. */
  readonly slept: number[] = [];
  readonly #sleepers = new Set<Sleeper>();
  readonly #autoAdvance: boolean;
  #elapsed = 0;

  /** With `autoAdvance` a sleep passes at once, and time with it. */
  constructor(options: { autoAdvance?: boolean } = {}) {
    this.#autoAdvance = options.autoAdvance === true;
  }

  now(): number {
    return START_MS + this.#elapsed;
  }

  monotonic(): number {
    return 1_000 + this.#elapsed;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.slept.push(ms);
    signal?.throwIfAborted();
    if (this.#autoAdvance) this.#elapsed += ms;
    if (this.#autoAdvance || ms <= 0) return;
    await new Promise<void>((resolve, reject) => {
      const sleeper = { until: this.#elapsed + ms, wake: resolve };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason);
      });
    });
  }

  /** Wakes who is due, and lets the event loop turn before and after. */
  async advance(ms: number): Promise<void> {
    await settleDown();
    this.#elapsed += ms;
    for (const sleeper of this.#sleepers) {
      if (sleeper.until > this.#elapsed) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
    await settleDown();
  }
}
