/**
 * When keys were last used, to within minutes: a key's use is written at most every five, beside the request that it came with.
 * A write that fails is told, and tried again with the next use.
 */
import { type AppError, asAppError } from '../../errors/app-error.ts';
import type { KeyUseLog } from '../../ports/key-store.ts';
import type { Clock } from '../../ports/runtime.ts';

export const USE_EVERY_MS = 300_000;
const RETRY_MS = 10_000;
const MAX_KEYS = 10_000;

export class KeyUses {
  readonly #log: KeyUseLog;
  readonly #clock: Clock;
  /** When each key's use may be written again. */
  readonly #dueAt = new Map<string, number>();
  readonly #underway = new Set<Promise<void>>();
  /** What failed and nobody has been told of. */
  #lost: AppError | undefined;

  constructor(log: KeyUseLog, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  note(id: string): void {
    const now = this.#clock.now();
    const passed = this.#clock.monotonic();
    if (passed < (this.#dueAt.get(id) ?? Number.NEGATIVE_INFINITY)) return;
    this.#dueNext(id, passed + USE_EVERY_MS);
    const writing = this.#log
      .note(id, now, now - USE_EVERY_MS)
      .catch((error: unknown) => {
        this.#dueNext(id, passed + RETRY_MS);
        this.#lost = asAppError(error);
      })
      .finally(() => this.#underway.delete(writing));
    this.#underway.add(writing);
  }

  /** When what is under way has ended: what went wrong since this was last asked, if anything did. Never rejects. */
  async settled(): Promise<AppError | undefined> {
    await Promise.all(this.#underway);
    const lost = this.#lost;
    this.#lost = undefined;
    return lost;
  }

  /** Is there anything to wait for, or to be told? */
  get isUnsettled(): boolean {
    return this.#underway.size > 0 || this.#lost !== undefined;
  }

  #dueNext(id: string, at: number): void {
    this.#dueAt.delete(id);
    this.#dueAt.set(id, at);
    if (this.#dueAt.size > MAX_KEYS) {
      const oldest = this.#dueAt.keys().next();
      if (oldest.done !== true) this.#dueAt.delete(oldest.value);
    }
  }
}
