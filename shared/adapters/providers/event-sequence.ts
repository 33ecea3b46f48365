/** What a call says, event by event, from a source that has several at once: no generator stands between the two. */
import type { ModelEvent } from '../../model/completion.ts';

export interface EventSource {
  /** The next events, at least one; none at the end. */
  take(): Promise<readonly ModelEvent[]>;
  /** Nobody wants the rest. */
  leave(): void;
}

const OVER: IteratorReturnResult<undefined> = { done: true, value: undefined };

export class EventSequence implements AsyncIterableIterator<ModelEvent> {
  readonly #open: () => Promise<EventSource>;
  #source: EventSource | undefined;
  #events: readonly ModelEvent[] = [];
  #at = 0;
  #isOver = false;

  /** The call is made when the first event is asked for. */
  constructor(open: () => Promise<EventSource>) {
    this.#open = open;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<ModelEvent>> {
    const event = this.#events[this.#at];
    if (event === undefined) return this.#isOver ? Promise.resolve(OVER) : this.#more();
    this.#at += 1;
    return Promise.resolve({ done: false, value: event });
  }

  async return(): Promise<IteratorResult<ModelEvent>> {
    this.#isOver = true;
    this.#events = [];
    this.#source?.leave();
    return OVER;
  }

  async #more(): Promise<IteratorResult<ModelEvent>> {
    try {
      this.#source ??= await this.#open();
      // Whoever asked may have left while it was opened.
      if (this.#isOver) this.#source.leave();
      const [event, ...rest] = this.#isOver ? [] : await this.#source.take();
      if (this.#isOver || event === undefined) {
        this.#isOver = true;
        return OVER;
      }
      this.#events = rest;
      this.#at = 0;
      return { done: false, value: event };
    } catch (error) {
      if (this.#isOver) return OVER;
      this.#isOver = true;
      throw error;
    }
  }
}

/** Of a reply that came whole. */
export const wholeEvents = (events: Iterable<ModelEvent>): EventSource => {
  let left: Iterable<ModelEvent> = events;
  return {
    take: async () => {
      const taken = [...left];
      left = [];
      return taken;
    },
    leave: () => undefined,
  };
};
