/**
 * The gateway's side of the journal. What is taken within one turn of the event loop goes to the thread together, and is durable
 * when that says so; what it has booked is told later.
 */
import { Worker } from 'node:worker_threads';
import { asStored } from '../../shared/model/observation.ts';
import type { SettledObservation } from '../../shared/ports/observation-store.ts';
import type { SettlementJournal, SettleOutcome } from '../../shared/ports/settlement-journal.ts';
import { GATHER_MS } from './booker.ts';
import type { FromJournal, JournalData, ToJournal } from './messages.ts';
import { lineOf } from './segments.ts';

/** More than these, of some 10 KB at most, are left to the table: whoever asks then waits for a store that cannot keep up. */
const MOST_UNBOOKED = 2_000;
/** A store that does not answer for so long fails the call that waits for it, too. */
const BOOKED_PATIENCE_MS = 2_000;

type Booked = (outcome: SettleOutcome) => void;

interface Taken {
  promise: Promise<void>;
  resolve: () => void;
  reject: (error: Error) => void;
  booked: Booked;
}

const nobody: Booked = () => undefined;

export interface JournalThread {
  tell(message: ToJournal): void;
  onMessage(listener: (message: FromJournal) => void): void;
}

export class ThreadJournal implements SettlementJournal {
  readonly tables: ReadonlySet<string>;
  readonly #thread: JournalThread;
  readonly #isDurable: boolean;
  /** Taken, but not told to the thread. */
  #entries: SettledObservation[] = [];
  /** Told, but not known to be durable. */
  readonly #writing: Taken[] = [];
  /** Durable, but not known to be booked. */
  readonly #unbooked: Booked[] = [];
  /** Entries that were ever taken, a former process's with them, and of which it is known what became of them. */
  #taken = 0;
  #ended = 0;
  readonly #waiting: { until: number; resolve: () => void }[] = [];
  #isClosed = false;

  /** `isDurable` is false where the store is in memory itself, and nothing is waited for. */
  constructor(thread: JournalThread, tables: ReadonlySet<string>, isDurable: boolean) {
    this.tables = tables;
    this.#thread = thread;
    this.#isDurable = isDurable;
    thread.onMessage((message) => this.#hear(message));
  }

  take(settled: SettledObservation, booked: Booked): Promise<void> | undefined {
    if (this.#isClosed || this.#writing.length + this.#unbooked.length >= MOST_UNBOOKED) return undefined;
    if (this.#entries.length === 0) this.#sendSoon();
    this.#entries.push({ ...settled, observation: asStored(settled.observation) });
    const taken = { ...Promise.withResolvers<void>(), booked };
    this.#writing.push(taken);
    this.#taken += 1;
    if (!this.#isDurable) taken.resolve();
    return taken.promise;
  }

  booked(): Promise<void> | undefined {
    if (this.#ended === this.#taken) return undefined;
    this.#send();
    const { promise, resolve } = Promise.withResolvers<void>();
    const patience = setTimeout(resolve, BOOKED_PATIENCE_MS);
    this.#waiting.push({
      until: this.#taken,
      resolve: () => {
        clearTimeout(patience);
        resolve();
      },
    });
    this.#thread.tell({ kind: 'hurry' });
    return promise;
  }

  /** Nothing is taken any more; resolves when all is booked, or after a while. What is not booked then stays on disk. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.booked();
    this.#thread.tell({ kind: 'close' });
  }

  /** With the others of this turn of the event loop; where nothing is to be durable they have time. */
  #sendSoon(): void {
    if (this.#isDurable) setImmediate(() => this.#send());
    else setTimeout(() => this.#send(), GATHER_MS);
  }

  #send(): void {
    if (this.#entries.length === 0) return;
    const lines = this.#entries.map(lineOf);
    this.#entries = [];
    this.#thread.tell({ kind: 'take', lines });
  }

  #hear(message: FromJournal): void {
    switch (message.kind) {
      case 'opened':
        this.#taken += message.count;
        for (let at = 0; at < message.count; at += 1) this.#unbooked.push(nobody);
        break;
      case 'durable':
        for (const { resolve, booked } of this.#writing.splice(0, message.count)) {
          resolve();
          this.#unbooked.push(booked);
        }
        break;
      case 'failed':
        for (const { reject } of this.#writing.splice(0, message.count))
          reject(new Error('it could not be written down'));
        this.#end(message.count);
        break;
      case 'booked':
        for (const [at, booked] of this.#unbooked.splice(0, message.outcomes.length).entries())
          booked(message.outcomes[at] as SettleOutcome);
        this.#end(message.outcomes.length);
    }
  }

  #end(count: number): void {
    this.#ended += count;
    while (this.#waiting[0] !== undefined && this.#waiting[0].until <= this.#ended)
      this.#waiting.shift()?.resolve();
  }
}

/**
 * `opened` resolves when it is known what a former process left. `onGone` is called where the thread
 * ends by itself.
 */
export const openJournal = (
  data: JournalData,
  onGone: (error: unknown) => void,
): { journal: ThreadJournal; opened: Promise<void> } => {
  const worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData: data });
  worker.on('error', onGone);
  const { promise, resolve } = Promise.withResolvers<void>();
  const journal = new ThreadJournal(
    {
      tell: (message) => worker.postMessage(message),
      onMessage: (listener) => worker.on('message', listener),
    },
    // As the environment names them: the functions' clients know them by no other name.
    new Set([data.environment.USAGE_TABLE ?? '', data.environment.OBSERVATIONS_TABLE ?? '']),
    data.directory !== undefined,
  );
  worker.on('message', ({ kind }: FromJournal) => kind === 'opened' && resolve());
  return { journal, opened: promise };
};
