/**
 * Makes what happened durable before the reply is acknowledged. Requests that end together share one transaction.
 * When the table cannot take it, the dead-letter queue does, and a replay brings it back; when neither can, the caller is told.
 */
import { AppError } from '../../errors/app-error.ts';
import type { DeadLetters, ObservationStore, SettledObservation } from '../../ports/observation-store.ts';
import { Batcher } from '../batcher.ts';

export type SettleOutcome = 'stored' | 'dead_lettered';

export class Settler {
  readonly #store: ObservationStore;
  readonly #deadLetters: DeadLetters;
  readonly #batcher: Batcher<SettledObservation, SettleOutcome>;

  constructor(store: ObservationStore, deadLetters: DeadLetters) {
    this.#store = store;
    this.#deadLetters = deadLetters;
    this.#batcher = new Batcher((batch) => this.#commit(batch), {
      maxBatch: store.maxBatch,
      maxInFlight: 2,
    });
  }

  settle(settled: SettledObservation): Promise<SettleOutcome> {
    return this.#batcher.add(settled);
  }

  async #commit(batch: SettledObservation[]): Promise<SettleOutcome[]> {
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
