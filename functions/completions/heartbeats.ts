/** Comments in an event stream while there is nothing to say, so that nobody on the way takes the silence for the end. */
import type { Clock } from '../../shared/ports/runtime.ts';
import type { Frames } from './frame-stream.ts';

const HEARTBEAT_MS = 15_000;

const BEAT: IteratorYieldResult<string> = { done: false, value: ': keep-alive\n\n' };

/** `isLate` sends the first one at once. `silence` is ended with the frames. */
export const withHeartbeats = (frames: Frames, silence: Silence, isLate: boolean): Frames =>
  new FramesAndHeartbeats(frames, silence, isLate);

/** No generator, which would take several turns of the microtask queue for each frame. */
class FramesAndHeartbeats implements Frames {
  readonly #frames: Frames;
  readonly #silence: Silence;
  #pending: Promise<IteratorResult<string, void>> | undefined;
  #isLate: boolean;

  constructor(frames: Frames, silence: Silence, isLate: boolean) {
    this.#frames = frames;
    this.#silence = silence;
    this.#isLate = isLate;
  }

  async next(): Promise<IteratorResult<string, void>> {
    this.#pending ??= this.#frames.next();
    if (this.#isLate) {
      this.#isLate = false;
      return BEAT;
    }
    let next: IteratorResult<string, void> | undefined;
    try {
      next = await this.#silence.or(this.#pending);
    } catch (error) {
      this.#silence.end();
      throw error;
    }
    if (next === undefined) return BEAT;
    this.#pending = undefined;
    if (next.done === true) this.#silence.end();
    return next;
  }

  return(): Promise<IteratorResult<string, void>> {
    this.#silence.end();
    return this.#frames.return();
  }
}

/** One timer for a whole stream, its opening included: a timer and its abort for each frame would cost more than the frame. */
export class Silence {
  readonly #clock: Clock;
  readonly #ended = new AbortController();
  #since: number;
  #heard: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#since = clock.monotonic();
    void this.#listen().catch(() => undefined);
  }

  /** Undefined where nothing came for the length of a heartbeat. */
  or<Result>(pending: Promise<Result>): Promise<Result | undefined> {
    this.#since = this.#clock.monotonic();
    return new Promise((resolve, reject) => {
      this.#heard = () => resolve(undefined);
      pending.then(resolve, reject);
    });
  }

  end(): void {
    // A reason of our own: without one, an exception with its stack is made for each stream.
    this.#ended.abort('ended');
  }

  async #listen(): Promise<void> {
    while (!this.#ended.signal.aborted) {
      const left = HEARTBEAT_MS - (this.#clock.monotonic() - this.#since);
      if (left > 0) await this.#clock.sleep(left, this.#ended.signal);
      else {
        this.#since = this.#clock.monotonic();
        this.#heard?.();
      }
    }
  }
}
