/**
 * Frames as a stream of bytes: one callback for each, where Readable.from takes an async function and a microtask or two.
 * When the reader goes away, before or amid the first read, `abort` ends the provider's call: first of all, since a generator
 * that waits for a silent provider cannot return before it.
 */
import { Readable } from 'node:stream';

/** What a generator of frames has, whoever it is. */
export type Frames = Pick<AsyncGenerator<string, void, undefined>, 'next' | 'return'>;

/** Of frames that a slow reader has not taken yet. */
const READ_AHEAD_BYTES = 16 * 1024;

export class FrameStream extends Readable {
  readonly #source: Frames;
  readonly #abort: () => void;
  #isStarted = false;
  #isReading = false;
  #isOver = false;

  constructor(source: Frames, abort: () => void) {
    super({ highWaterMark: READ_AHEAD_BYTES });
    this.#source = source;
    this.#abort = abort;
  }

  override _read(): void {
    if (this.#isReading || this.#isOver) return;
    this.#isReading = true;
    this.#next();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#leave().then(
      () => done(error),
      (fault: Error) => done(error ?? fault),
    );
  }

  #next(): void {
    this.#isStarted = true;
    this.#source.next().then(this.#took, this.#failed);
  }

  readonly #took = ({ done, value }: IteratorResult<string>): void => {
    if (this.destroyed) return;
    if (done === true) {
      this.#isOver = true;
      this.push(null);
    } else if (this.push(value)) this.#next();
    else this.#isReading = false;
  };

  readonly #failed = (error: Error): void => {
    this.#isOver = true;
    this.destroy(error);
  };

  async #leave(): Promise<void> {
    if (this.#isOver) return;
    this.#abort();
    // A generator that never ran would skip its own clean-up, and what was received would not be settled.
    if (!this.#isStarted) {
      this.#isStarted = true;
      await this.#source.next();
    }
    await this.#source.return(undefined);
  }
}
