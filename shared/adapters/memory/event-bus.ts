import type { PublishedEvent } from '../../model/published-event.ts';
import type { EventBus } from '../../ports/event-bus.ts';

export class MemoryEventBus implements EventBus {
  readonly told: PublishedEvent[] = [];

  async put(events: readonly PublishedEvent[]): Promise<void> {
    this.told.push(...events);
  }
}
