/** The events of one viewer: the series so far, then each step as it is whole, and an end before the function's own. */
import type { Clock } from '../../shared/ports/runtime.ts';
import type { SeriesReport, SeriesService } from '../../shared/services/series/series.ts';

/** A function lives for 15 minutes. */
export const MOST_AGE_MS = 14 * 60_000;
const HEARTBEAT_MS = 15_000;
const HEARTBEAT = ': keep-alive\n\n';
/** Failed readings in a row after which the viewer is sent away to come again. */
const MOST_FAILURES = 3;

const frame = (event: string, data: unknown): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

export async function* liveEvents(
  series: SeriesService,
  clock: Clock,
  first: SeriesReport,
  left: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const endsAt = clock.monotonic() + MOST_AGE_MS;
  yield frame('series', first);
  let failures = 0;
  while (!left.aborted) {
    if (clock.monotonic() >= endsAt) return yield frame('closing', { reason: 'age' });
    const waitMs = series.untilNextMs();
    await clock.sleep(Math.min(waitMs, HEARTBEAT_MS), left).catch(() => undefined);
    if (left.aborted) return;
    if (waitMs > HEARTBEAT_MS) {
      yield HEARTBEAT;
      continue;
    }
    try {
      const point = await series.newest();
      failures = 0;
      if (point !== undefined) yield frame('snapshot', { step_s: series.stepMs / 1_000, point });
    } catch {
      failures += 1;
      if (failures === MOST_FAILURES) return yield frame('closing', { reason: 'error' });
      yield HEARTBEAT;
    }
  }
}
