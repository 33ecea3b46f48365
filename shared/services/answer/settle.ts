/**
 * Makes what happened durable before the reply is acknowledged: in a journal, where the process has one, else in the table.
 * Requests that end together share one transaction. When the table cannot take it, the dead-letter queue does, and a replay
 * brings it back; when neither can, the caller is told.
 */
import { AppError } from '../../errors/app-error.ts';
import type { DeadLetters, ObservationStore, SettledObservation } from '../../ports/observation-store.ts';
import type { SettlementJournal, SettleOutcome } from '../../ports/settlement-journal.ts';
import { Batcher } from '../batcher.ts';

export class Settler {
  readonly #store: ObservationStore;
  readonly #deadLetters: DeadLetters;
  readonly #journal: SettlementJournal | undefined;
  readonly #batcher: Batcher<SettledObservation, SettleOutcome>;

  constructor(store: ObservationStore, deadLetters: DeadLetters, journal?: SettlementJournal) {
    this.#store = store;
    this.#deadLetters = deadLetters;
    this.#journal = journal;
    this.#batcher = new Batcher((batch) => this.#commit(batch), {
      maxBatch: store.maxBatch,
      maxInFlight: 2,
    });
  }

  /** Resolves when it is durable. `booked` is told once where it is: then at the latest, or later by the journal. */
  async settle(
    settled: SettledObservation,
    booked: (outcome: SettleOutcome) => void = () => undefined,
  ): Promise<void> {
    try {
      const taken = this.#journal?.take(settled, booked);
      if (taken !== undefined) return await taken;
    } catch {
      // The table can still take it.
    }
    booked(await this.#batcher.add(settled));
  }

  async #commit(batch: readonly SettledObservation[]): Promise<SettleOutcome[]> {
    try {
      await this.#store.commit(batch);
      return batch.map(() => 'stored');
    } catch (storeError) {
      try {
        await this.#deadLetters.put(batch);
        return batch.map(() => 'dead_lettered');
      } catch {
        throw new AppError('unavailable', 'What happened cannot be recorded at the moment.', {
          cause: storeError,
        });
      }
    }
  }
}
