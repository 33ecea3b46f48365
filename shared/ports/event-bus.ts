import type { PublishedEvent } from '../model/published-event.ts';

/** Tells others what happened, at least once. Rejects where some of it could not be told: the batch then comes again. */
export interface EventBus {
  put(events: readonly PublishedEvent[]): Promise<void>;
}
