/** Comments in an event stream while there is nothing to say, so that nobody on the way takes the silence for the end. */
import type { Clock } from '../../shared/ports/runtime.ts';

const HEARTBEAT_MS = 15_000;

const HEARTBEAT = ': keep-alive\n\n';

/** `isLate` sends the first one at once. */
export async function* withHeartbeats(
  frames: AsyncGenerator<string, void, undefined>,
  clock: Clock,
  isLate: boolean,
): AsyncGenerator<string, void, undefined> {
  const silence = new Silence(clock);
  let pending = frames.next();
  try {
    if (isLate) yield HEARTBEAT;
    for (;;) {
      const next = await silence.or(pending);
      if (next === undefined) yield HEARTBEAT;
      else if (next.done === true) return;
      else {
        yield next.value;
        pending = frames.next();
      }
    }
  } finally {
    silence.end();
    await frames.return();
  }
}

/** One timer for a whole stream: a timer and its abort for each frame would cost more than the frame. */
class Silence {
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

/** Undefined where nothing came for the length of a heartbeat. */
export const orSilence = async <Result>(
  pending: Promise<Result>,
  clock: Clock,
): Promise<Result | undefined> => {
  const silence = new Silence(clock);
  try {
    return await silence.or(pending);
  } finally {
    silence.end();
  }
};
