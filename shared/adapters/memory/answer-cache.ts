import type { AnswerCache } from '../../ports/reply-store.ts';
import type { Clock } from '../../ports/runtime.ts';

export class MemoryAnswerCache implements AnswerCache {
  readonly entries = new Map<string, { sealed: string; keptUntil: number }>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async get(key: string): Promise<string | undefined> {
    const known = this.entries.get(key);
    return known !== undefined && known.keptUntil > this.#clock.now() ? known.sealed : undefined;
  }

  async put(key: string, sealed: string, ttlMs: number): Promise<void> {
    this.entries.set(key, { sealed, keptUntil: this.#clock.now() + ttlMs });
  }
}
