/** Tells the event log, and fails nobody: an event is a hint to operators, not a record to rely on. */
import type { StageEvent } from '../model/stage-event.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { Clock, IdSource } from '../ports/runtime.ts';

export interface NoticeDeps {
  events: EventLog;
  ids: IdSource;
  clock: Pick<Clock, 'now'>;
}

export type Noticed = Omit<StageEvent, 'id' | 'created_at'>;

export const notice = async ({ events, ids, clock }: NoticeDeps, noticed: Noticed): Promise<void> => {
  const created_at = new Date(clock.now()).toISOString();
  try {
    await events.append({ id: ids.uuidv7(), ...noticed, created_at });
  } catch {
    // What was noticed has happened all the same.
  }
};

/** For the models' health. */
export const noticeBreakers =
  (deps: NoticeDeps) =>
  (adapter: string, change: 'opened' | 'closed'): Promise<void> =>
    notice(deps, { type: `adapter.breaker_${change}`, subject: adapter });
