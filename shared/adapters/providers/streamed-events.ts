/** The events in a stream of bytes: those of all that has come, at once. */
import { AppError } from '../../errors/app-error.ts';
import type { ModelEvent } from '../../model/completion.ts';
import type { EventSource } from './event-sequence.ts';
import type { Framing } from './framing.ts';
import type { Incoming } from './incoming.ts';

export interface StreamReader {
  /** The data of one event. */
  read(data: string): Iterable<ModelEvent>;
  /** Nothing more will come, whether or not the connection is closed. */
  readonly isDone: boolean;
  /** The last event, or undefined where the stream broke off. */
  finish(): ModelEvent | undefined;
}

export class StreamedEvents implements EventSource {
  readonly #body: Pick<Incoming, 'take' | 'leave' | 'drop'>;
  readonly #cut: ReturnType<Framing['cutter']>;
  readonly #reader: StreamReader;
  #isOver = false;
  /** Told when what came before it has been. */
  #failure: { error: unknown } | undefined;

  constructor(body: Pick<Incoming, 'take' | 'leave' | 'drop'>, framing: Framing, reader: StreamReader) {
    this.#body = body;
    this.#cut = framing.cutter();
    this.#reader = reader;
  }

  async take(): Promise<readonly ModelEvent[]> {
    const events: ModelEvent[] = [];
    while (events.length === 0 && !this.#isOver) {
      if (this.#failure !== undefined) throw this.#failure.error;
      const pieces = await this.#body.take();
      try {
        for (const piece of pieces) this.#read(piece, events);
        if (pieces.length === 0 || this.#reader.isDone) events.push(this.#end());
      } catch (error) {
        this.#body.leave();
        this.#failure = { error };
      }
    }
    return events;
  }

  leave(): void {
    this.#isOver = true;
    this.#body.leave();
  }

  #read(piece: Uint8Array, events: ModelEvent[]): void {
    for (const data of this.#cut(piece)) {
      if (this.#reader.isDone) return;
      for (const event of this.#reader.read(data)) events.push(event);
    }
  }

  #end(): ModelEvent {
    const end = this.#reader.finish();
    if (end === undefined) {
      throw new AppError('upstream_error', 'The model stopped in the middle of its answer.', {
        fault: 'cut',
      });
    }
    this.#isOver = true;
    // A body read to its end gives its connection back, and what follows the last event is nothing, from most providers.
    this.#body.drop();
    return end;
  }
}
