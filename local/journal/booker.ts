/**
 * Brings what the journal has taken into its table: in order, as many at once as a transaction takes. A store that is away is
 * waited for, since nothing is lost meanwhile; what it refuses, or does not take for too long, goes to the dead letters.
 */
import type {
  DeadLetters,
  ObservationStore,
  SettledObservation,
} from '../../shared/ports/observation-store.ts';
import type { Clock } from '../../shared/ports/runtime.ts';
import type { SettleOutcome } from '../../shared/ports/settlement-journal.ts';

export interface BookerOptions {
  store: Pick<ObservationStore, 'commit' | 'maxBatch'>;
  deadLetters: DeadLetters;
  /** Would the store say the same again? */
  isRefusal(error: unknown): boolean;
  /** Told of the oldest entries that were not booked yet. */
  booked(outcomes: readonly SettleOutcome[]): void;
  clock: Pick<Clock, 'sleep' | 'monotonic'>;
}

/** For which the first of a batch waits for others. */
export const GATHER_MS = 20;
const RETRY_MS = 200;
const STORE_PATIENCE_MS = 10_000;

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
    const { store, clock } = this.#options;
    if (this.#isBusy || this.#waiting.length === 0) return;
    if (this.#hurried > 0 || this.#waiting.length >= store.maxBatch) {
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
    const { store, booked, clock } = this.#options;
    const batch = this.#waiting.slice(0, store.maxBatch);
    const patienceEnds = clock.monotonic() + STORE_PATIENCE_MS;
    let outcome = await this.#try(batch, patienceEnds);
    while (outcome === undefined) {
      await clock.sleep(RETRY_MS);
      outcome = await this.#try(batch, patienceEnds);
    }
    const outcomes = batch.map(() => outcome);
    this.#waiting.splice(0, batch.length);
    this.#hurried = Math.max(0, this.#hurried - batch.length);
    booked(outcomes);
  }

  /** Undefined where neither has it. */
  async #try(batch: readonly SettledObservation[], patienceEnds: number): Promise<SettleOutcome | undefined> {
    const { store, deadLetters, isRefusal, clock } = this.#options;
    try {
      await store.commit(batch);
      return 'stored';
    } catch (error) {
      if (!isRefusal(error) && clock.monotonic() < patienceEnds) return undefined;
    }
    return deadLetters.put(batch).then(
      () => 'dead_lettered',
      () => undefined,
    );
  }
}
