/**
 * What tables' streams do on AWS, a poll does at home: it tells of what was written since it began. An answer is written down
 * long after its id was made, so each turn looks at the newest and remembers whom it has told of; under more than a hundred
 * asks a second some are passed over.
 */
import type { PublishedEvent } from '../../shared/model/published-event.ts';
import type { EventBus } from '../../shared/ports/event-bus.ts';
import type { EventLog } from '../../shared/ports/event-log.ts';
import type { ObservationStore } from '../../shared/ports/observation-store.ts';
import { observationRecorded, stageEventPublished } from '../../shared/services/events/publishable.ts';

export interface EventPollDeps {
  observations: Pick<ObservationStore, 'list'>;
  events: Pick<EventLog, 'list'>;
  bus: EventBus;
  stage: string;
  /** Milliseconds since the epoch. */
  now: () => number;
}

const NEWEST = 200;
const MOST_REMEMBERED = 10_000;

export class EventPoll {
  readonly #deps: EventPollDeps;
  readonly #since: number;
  readonly #told = new Set<string>();

  constructor(deps: EventPollDeps) {
    this.#deps = deps;
    this.#since = deps.now();
  }

  async turn(): Promise<void> {
    const { observations, events, bus, stage } = this.#deps;
    const query = { limit: NEWEST, since: this.#since };
    const [recorded, noticed] = await Promise.all([observations.list(query), events.list(query)]);
    const found: (PublishedEvent | undefined)[] = [
      ...noticed.items.map((event) => stageEventPublished(event, stage)),
      ...recorded.items.map((observation) => observationRecorded(observation, stage)),
    ];
    const fresh = found
      .filter((event) => event !== undefined)
      .filter(({ detail }) => !this.#told.has(detail.id))
      .sort((a, b) => (a.detail.at < b.detail.at ? -1 : 1));
    await bus.put(fresh);
    for (const { detail } of fresh) this.#told.add(detail.id);
    for (const id of this.#told) {
      if (this.#told.size <= MOST_REMEMBERED) break;
      this.#told.delete(id);
    }
  }
}
