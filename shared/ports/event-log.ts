import type { EventPage, EventQuery, StageEvent } from '../model/stage-event.ts';

/** What the gateway noticed. Told beside the work: an event that cannot be kept fails nothing (the audit log is another matter). */
export interface EventLog {
  append(event: StageEvent): Promise<void>;
  /** Newest first. Throws `invalid_request` for what is no cursor. */
  list(query: EventQuery): Promise<EventPage>;
}
