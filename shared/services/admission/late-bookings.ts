/**
 * Requests that drew on a lease and whose observations wait as dead letters. A replay books them in another process, which
 * cannot tell the lease; so it is looked up now and then, and what they held is free once they are booked.
 */
import type { Clock } from '../../ports/runtime.ts';

export interface LateBookingDeps {
  clock: Pick<Clock, 'monotonic' | 'sleep'>;
  /** Is the observation in its table? */
  isBooked: (tenantId: string, observationId: string) => Promise<boolean>;
  release: (tenantId: string, observationId: string) => void;
}

const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;
/** More than these are left to their holds' expiry. */
const MOST = 1_000;

export class LateBookings {
  readonly #deps: LateBookingDeps;
  #watched = 0;

  constructor(deps: LateBookingDeps) {
    this.#deps = deps;
  }

  /** For `forMs` at most, after which its hold has expired. */
  watch(tenantId: string, observationId: string, forMs: number): void {
    if (this.#watched >= MOST) return;
    this.#watched += 1;
    void this.#untilBooked(tenantId, observationId, forMs).finally(() => {
      this.#watched -= 1;
    });
  }

  async #untilBooked(tenantId: string, observationId: string, forMs: number): Promise<void> {
    const { clock, isBooked, release } = this.#deps;
    const end = clock.monotonic() + forMs;
    for (let wait = FIRST_MS; clock.monotonic() + wait < end; wait = Math.min(2 * wait, LONGEST_MS)) {
      await clock.sleep(wait);
      if (await isBooked(tenantId, observationId).catch(() => false)) return release(tenantId, observationId);
    }
  }
}
