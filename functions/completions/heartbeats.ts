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
  let pending = frames.next();
  try {
    if (isLate) yield HEARTBEAT;
    for (;;) {
      const next = await orSilence(pending, clock);
      if (next === undefined) yield HEARTBEAT;
      else if (next.done === true) return;
      else {
        yield next.value;
        pending = frames.next();
      }
    }
  } finally {
    await frames.return();
  }
}

/** Undefined where nothing came for the length of a heartbeat. */
export const orSilence = async <Result>(
  pending: Promise<Result>,
  clock: Clock,
): Promise<Result | undefined> => {
  const said = new AbortController();
  const silence = clock.sleep(HEARTBEAT_MS, said.signal).then(() => undefined);
  silence.catch(() => undefined);
  try {
    return await Promise.race([pending, silence]);
  } finally {
    said.abort();
  }
};
