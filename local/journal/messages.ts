/** What a gateway process and its journal's thread tell each other. Entries are told by their number, in the order of taking. */
import type { SettleOutcome } from '../../shared/ports/settlement-journal.ts';

/** In place of a directory. */
export const IN_MEMORY = ':memory:';

export interface JournalData {
  /** The functions' own; it says where the tables are. */
  environment: Readonly<Record<string, string>>;
  /** Without one nothing is written down: for a store that is in memory itself. */
  directory?: string;
}

export type ToJournal =
  /** A line for each entry. */
  | { kind: 'take'; lines: readonly string[] }
  /** Somebody waits until all is booked. */
  | { kind: 'hurry' }
  | { kind: 'close' };

export type FromJournal =
  /** So many entries of a former process are still to be booked. */
  | { kind: 'opened'; count: number }
  | { kind: 'durable'; count: number }
  | { kind: 'failed'; count: number }
  | { kind: 'booked'; outcomes: readonly SettleOutcome[] };
