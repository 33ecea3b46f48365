/** Looks, while an answer is under way, whether its client cancelled it or came back elsewhere, and whether time runs out. */
import { AppError } from '../../shared/errors/app-error.ts';
import type { QueuedAsk } from '../../shared/model/socket-message.ts';
import type { AskStore } from '../../shared/ports/ask-store.ts';
import type { ConnectionStore } from '../../shared/ports/connection-store.ts';
import type { Clock } from '../../shared/ports/runtime.ts';
import type { Sealer } from '../../shared/services/sealer.ts';
import type { Delivery } from './delivery.ts';

export interface WatchDeps {
  asks: AskStore;
  connections: ConnectionStore;
  sealer: Sealer;
  clock: Clock;
}

export interface Watching {
  /** Aborts where the answer is to end. */
  signal: AbortSignal;
  /** Why it was aborted. */
  reason(): AppError | undefined;
  stop(): void;
}

const EVERY_MS = 500;
/** For settling what was used, and the last frame. */
const MARGIN_MS = 3_000;

export const watch = (
  deps: WatchDeps,
  queued: Pick<QueuedAsk, 'requestId' | 'id' | 'askedAt'>,
  delivery: Pick<Delivery, 'recipient' | 'moveTo'>,
  remainingMs: () => number,
): Watching => {
  const abort = new AbortController();
  const stopped = new AbortController();
  let reason: AppError | undefined;
  const end = (error: AppError): void => {
    reason = error;
    abort.abort();
    stopped.abort();
  };
  const look = async (): Promise<void> => {
    const { connectionId, afterSeq } = delivery.recipient;
    const hash = await deps.sealer.hash(queued.id);
    const [record, connection] = await Promise.all([
      deps.asks.find(queued.requestId),
      deps.connections.find(connectionId),
    ]);
    if (stopped.signal.aborted) return;
    if ((connection?.cancelled[hash] ?? 0) >= queued.askedAt)
      end(new AppError('conflict', 'The ask was cancelled.'));
    else if (record !== undefined && (record.connectionId !== connectionId || record.afterSeq !== afterSeq))
      delivery.moveTo(record);
  };
  const isLate = (): boolean => {
    if (remainingMs() > MARGIN_MS) return false;
    end(new AppError('unavailable', 'The answer could not be completed in the time that was left.'));
    return true;
  };
  const run = async (): Promise<void> => {
    while (!isLate()) {
      await deps.clock.sleep(EVERY_MS, stopped.signal).catch(() => undefined);
      if (stopped.signal.aborted) return;
      // A store that is away for a moment ends no answer.
      await look().catch(() => undefined);
      if (stopped.signal.aborted) return;
    }
  };
  void run();
  return { signal: abort.signal, reason: () => reason, stop: () => stopped.abort() };
};
