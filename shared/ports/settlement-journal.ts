import type { SettledObservation } from './observation-store.ts';

/** What became of it: it is in its table, or waits with the dead letters. */
export type SettleOutcome = 'stored' | 'dead_lettered';

/**
 * Takes over what happened where a disk of one's own is nearer than the table: durable at once, and in the table soon after,
 * also when the process dies between the two.
 */
export interface SettlementJournal {
  /** Whose items may be behind until what was taken is booked. */
  readonly tables: ReadonlySet<string>;
  /**
   * Resolves when the entry is durable, and rejects where it could not be made so. `booked` is called once it is in the table,
   * or with the dead letters. Undefined where no more is taken at the moment.
   */
  take(settled: SettledObservation, booked: (outcome: SettleOutcome) => void): Promise<void> | undefined;
  /** Resolves when all that was taken until now is booked, or after a while in which it was not; undefined where it is. */
  booked(): Promise<void> | undefined;
}
