/** Brings what the journal has taken into its table: in order, as many at once as a transaction takes, until it is there. */
import type { SettledObservation } from '../../shared/ports/observation-store.ts';
import type { Clock } from '../../shared/ports/runtime.ts';
import type { SettleOutcome } from '../../shared/ports/settlement-journal.ts';

export interface BookerOptions {
  commit(batch: readonly SettledObservation[]): Promise<readonly SettleOutcome[]>;
  maxBatch: number;
  /** Told of the oldest entries that were not booked yet. */
  booked(outcomes: readonly SettleOutcome[]): void;
  clock: Pick<Clock, 'sleep'>;
}

/** For which the first of a batch waits for others. */
const GATHER_MS = 20;
const RETRY_MS = 100;
const RETRY_MOST_MS = 5_000;

export class Booker {
  readonly #options: BookerOptions;
  readonly #waiting: SettledObservation[] = [];
  /** So many of those that wait are wanted at once. */
  #hurried = 0;
  #isGathering = false;
  #isBusy = false;

  constructor(options: BookerOptions) {
    this.#options = options;
  }

  add(entries: readonly SettledObservation[]): void {
    this.#waiting.push(...entries);
    this.#go();
  }

  /** Somebody waits for all that was added. */
  hurry(): void {
    this.#hurried = this.#waiting.length;
    this.#go();
  }

  #go(): void {
    const { maxBatch, clock } = this.#options;
    if (this.#isBusy || this.#waiting.length === 0) return;
    if (this.#hurried > 0 || this.#waiting.length >= maxBatch) {
      this.#isBusy = true;
      void this.#book().then(() => {
        this.#isBusy = false;
        this.#go();
      });
    } else if (!this.#isGathering) {
      this.#isGathering = true;
      void clock.sleep(GATHER_MS).then(() => {
        this.#isGathering = false;
        this.hurry();
      });
    }
  }

  /** One batch; tried until the table or the dead letters have it. */
  async #book(): Promise<void> {
    const { commit, maxBatch, booked, clock } = this.#options;
    const batch = this.#waiting.slice(0, maxBatch);
    for (let wait = RETRY_MS; ; wait = Math.min(2 * wait, RETRY_MOST_MS)) {
      const outcomes = await commit(batch).catch(() => undefined);
      if (outcomes === undefined) {
        await clock.sleep(wait);
        continue;
      }
      this.#waiting.splice(0, batch.length);
      this.#hurried = Math.max(0, this.#hurried - batch.length);
      booked(outcomes);
      return;
    }
  }
}
