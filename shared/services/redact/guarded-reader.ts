/**
 * The model as requests may use it: opened once, opened again when it went away, a text read once as long as it is
 * remembered, and none waited for without end. Fails closed: where it cannot read, whoever asks is told.
 */
import { hash } from 'node:crypto';
import type { PiiSpan } from '../../model/pii.ts';
import type { PiiReader, PiiReading } from '../../ports/pii-detector.ts';
import type { Clock } from '../../ports/runtime.ts';

export interface OpenedReader {
  reader: PiiReader;
  /** Resolves when it is gone. */
  ended: Promise<void>;
  /** Ends it; what is under way fails. */
  end(): Promise<void>;
}

/** Rejects where there is none to open. */
export type OpenReader = () => Promise<OpenedReader>;

export interface ReaderBounds {
  /** Milliseconds that it may take to open. */
  openMs: number;
  /** Milliseconds of the model that a request may have. */
  budgetMs: number;
  /**
   * Characters that it may have, which are far more than it reads in that time: a text that is one endless word, or nothing
   * but accents, is over its time before a look at the clock.
   */
  mostCharacters: number;
  /** Milliseconds after that in which an answer has to come; without one the model hangs. */
  graceMs: number;
  /** Milliseconds until it is opened again after it failed to. */
  pauseMs: number;
  /** Texts that are remembered, by a hash: turns of a conversation come again with each that follows. */
  remembered: number;
}

export const READER_BOUNDS: ReaderBounds = {
  openMs: 15_000,
  budgetMs: 400,
  mostCharacters: 100_000,
  graceMs: 5_000,
  pauseMs: 5_000,
  remembered: 4_096,
};

const UNREAD: PiiReading = { spans: [], complete: false };

/** The first of the texts as far as they fit; those that come first matter most. */
const fitting = (texts: Iterable<string>, characters: number): string[] => {
  const fits: string[] = [];
  let left = characters;
  for (const text of texts) {
    if (left === 0) break;
    const sent = text.slice(0, left);
    left -= sent.length;
    fits.push(sent);
  }
  return fits;
};

export class GuardedReader {
  readonly #open: OpenReader;
  readonly #clock: Clock;
  readonly #bounds: ReaderBounds;
  readonly #known = new Map<string, readonly PiiSpan[]>();
  #opened: Promise<OpenedReader> | undefined;
  #failedAt = Number.NEGATIVE_INFINITY;

  constructor(open: OpenReader, clock: Clock, bounds = READER_BOUNDS) {
    this.#open = open;
    this.#clock = clock;
    this.#bounds = bounds;
  }

  /** Opens it before anybody asks. Never rejects. */
  warm(): void {
    this.#ready().catch(() => undefined);
  }

  /** Of each text what was found in it. Rejects where it cannot read. */
  async read(texts: ReadonlySet<string>): Promise<ReadonlyMap<string, PiiReading>> {
    const readings = new Map<string, PiiReading>();
    const unknown = new Map<string, string>();
    for (const text of texts) {
      const key = hash('sha256', text, 'base64');
      const spans = this.#known.get(key);
      if (spans === undefined) unknown.set(text, key);
      else {
        this.#remember(key, spans);
        readings.set(text, { spans: [...spans], complete: true });
      }
    }
    if (unknown.size === 0) return readings;
    const opened = await this.#ready();
    const { budgetMs, graceMs, mostCharacters } = this.#bounds;
    const sent = fitting(unknown.keys(), mostCharacters);
    const read = await this.#within(opened.reader.read(sent, budgetMs), budgetMs + graceMs).catch(
      (error: unknown) => {
        // Whatever is wrong with it, a new one is not.
        if (error instanceof Hanging) void opened.end();
        throw error;
      },
    );
    for (const [index, [text, key]] of [...unknown].entries()) {
      const reading = read[index] ?? UNREAD;
      const complete = reading.complete && sent[index]?.length === text.length;
      readings.set(text, { ...reading, complete });
      if (complete) this.#remember(key, reading.spans);
    }
    return readings;
  }

  #remember(key: string, spans: readonly PiiSpan[]): void {
    this.#known.delete(key);
    this.#known.set(key, spans);
    if (this.#known.size <= this.#bounds.remembered) return;
    const { value: oldest } = this.#known.keys().next();
    if (oldest !== undefined) this.#known.delete(oldest);
  }

  async #ready(): Promise<OpenedReader> {
    if (this.#opened === undefined) {
      if (this.#clock.monotonic() - this.#failedAt < this.#bounds.pauseMs)
        throw new Error('the model could not be opened a moment ago');
      const opening = this.#open();
      this.#opened = opening;
      const forget = (): void => {
        if (this.#opened === opening) this.#opened = undefined;
      };
      opening.then(
        ({ ended }) => ended.then(forget),
        () => {
          this.#failedAt = this.#clock.monotonic();
          forget();
        },
      );
    }
    return this.#within(this.#opened, this.#bounds.openMs);
  }

  async #within<Result>(work: Promise<Result>, ms: number): Promise<Result> {
    const patience = new AbortController();
    const late = this.#clock.sleep(ms, patience.signal).then(
      (): Promise<Result> => Promise.reject(new Hanging('the model does not answer')),
      () => work,
    );
    try {
      return await Promise.race([work, late]);
    } finally {
      patience.abort();
    }
  }
}

class Hanging extends Error {}
