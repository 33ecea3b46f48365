/** New work is let in, or refused while the stage drains. Rides on a copy of the configuration that is at hand anyway. */
import { AppError } from '../../errors/app-error.ts';
import type { Drain } from '../../model/drain.ts';

export class DrainGate {
  readonly #read: () => Promise<Drain | undefined>;

  /** `read` answers what is seconds old at most. */
  constructor(read: () => Promise<Drain | undefined>) {
    this.#read = read;
  }

  state(): Promise<Drain | undefined> {
    return this.#read();
  }

  /** Throws `draining`. */
  async assertOpen(): Promise<void> {
    const drain = await this.#read();
    if (drain?.enabled !== true) return;
    throw new AppError('draining', 'No new work is taken at the moment.', {
      retryAfterMs: drain.reconnect_after_ms,
    });
  }
}
