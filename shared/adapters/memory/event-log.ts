import { invalidField } from '../../errors/app-error.ts';
import {
  EVENT_RETENTION_MS,
  type EventPage,
  type EventQuery,
  type StageEvent,
} from '../../model/stage-event.ts';
import type { EventLog } from '../../ports/event-log.ts';
import type { Clock } from '../../ports/runtime.ts';
import { timeOfUuidv7 } from '../runtime/uuidv7.ts';

export class MemoryEventLog implements EventLog {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #byId = new Map<string, StageEvent>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  async append(event: StageEvent): Promise<void> {
    this.#byId.set(event.id, { ...event });
  }

  async list({
    limit,
    type,
    tenant_id,
    since = 0,
    until = Infinity,
    cursor,
  }: EventQuery): Promise<EventPage> {
    if (cursor !== undefined && timeOfUuidv7(cursor) === undefined)
      throw invalidField('/query/cursor', 'is not a cursor of this listing');
    const oldest = Math.max(since, this.#clock.now() - EVENT_RETENTION_MS);
    const found = [...this.#byId.values()]
      .filter((event) => type === undefined || event.type === type)
      .filter((event) => tenant_id === undefined || event.tenant_id === tenant_id)
      .filter(({ created_at }) => Date.parse(created_at) >= oldest && Date.parse(created_at) < until)
      .filter(({ id }) => cursor === undefined || id < cursor)
      .sort((a, b) => (a.id < b.id ? 1 : -1));
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return found.length > limit && last !== undefined ? { items, cursor: last.id } : { items };
  }
}
