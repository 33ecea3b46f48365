/**
 * The encoder as requests may use it: opened by the first that wants it, one prompt at a time, few waiting, none for long.
 * Fails open: who gets no embedding is told why and decides without.
 */
import type { FeaturesFallback } from '../../model/observation.ts';
import type { PromptEncoder } from '../../ports/prompt-encoder.ts';
import type { Clock } from '../../ports/runtime.ts';

/** Resolves with undefined where none is installed. */
export type OpenEncoder = () => Promise<PromptEncoder | undefined>;

export interface EncoderBounds {
  /** Prompts that may wait or be under way at once. */
  mostAtOnce: number;
  /** Milliseconds that a request waits. */
  patienceMs: number;
}

/** A prompt takes ten to a hundred milliseconds of a core (docs/architecture/routing.md). */
const BOUNDS: EncoderBounds = { mostAtOnce: 8, patienceMs: 300 };

type Embedding = readonly number[] | FeaturesFallback;

export class BoundedEncoder {
  readonly #open: OpenEncoder;
  readonly #clock: Clock;
  readonly #bounds: EncoderBounds;
  #opened: Promise<PromptEncoder | undefined> | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #held = 0;

  constructor(open: OpenEncoder, clock: Clock, bounds = BOUNDS) {
    this.#open = open;
    this.#clock = clock;
    this.#bounds = bounds;
  }

  /** The text's embedding, or why there is none. Never rejects. */
  async embed(text: string): Promise<Embedding> {
    if (this.#held >= this.#bounds.mostAtOnce) return 'busy';
    this.#held += 1;
    const patience = new AbortController();
    const embedding = this.#last.then(() => (patience.signal.aborted ? 'slow' : this.#encode(text)));
    this.#last = embedding.finally(() => {
      this.#held -= 1;
    });
    const inTime = this.#clock.sleep(this.#bounds.patienceMs, patience.signal).then(
      (): Embedding => 'slow',
      () => embedding,
    );
    const result = await Promise.race([embedding, inTime]);
    // Ends the timer, and gives up what still waits for its turn.
    patience.abort();
    return result;
  }

  async #encode(text: string): Promise<Embedding> {
    try {
      this.#opened ??= this.#open();
      const encoder = await this.#opened;
      if (encoder !== undefined) return await encoder.encode(text);
      // It may be installed meanwhile.
      this.#opened = undefined;
      return 'not_installed';
    } catch {
      return 'failed';
    }
  }
}
