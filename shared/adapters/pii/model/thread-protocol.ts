/** The model on either side of a thread's messages: who asks, and who answers one request after the other. */
import type { PiiReader, PiiReading } from '../../../ports/pii-detector.ts';

export interface ReadMessage {
  readonly id: number;
  readonly texts: readonly string[];
  /** Milliseconds since the epoch: time spent waiting counts. */
  readonly until: number;
}

export type ThreadMessage =
  | { readonly version: string }
  | { readonly id: number; readonly readings: readonly PiiReading[] }
  /** Without the error: it may quote the text. */
  | { readonly id: number; readonly failed: true };

type Settle = (readings: readonly PiiReading[] | undefined) => void;

/** The side that asks. */
export class RemoteReader implements PiiReader {
  readonly version: string;
  readonly #send: (message: ReadMessage) => void;
  readonly #now: () => number;
  readonly #waiting = new Map<number, Settle>();
  #next = 0;
  #isGone = false;

  constructor(version: string, send: (message: ReadMessage) => void, now: () => number) {
    this.version = version;
    this.#send = send;
    this.#now = now;
  }

  async read(texts: readonly string[], budgetMs: number): Promise<PiiReading[]> {
    if (this.#isGone) throw new Error('the model is gone');
    const readings = await new Promise<readonly PiiReading[] | undefined>((settle) => {
      const id = this.#next++;
      this.#waiting.set(id, settle);
      this.#send({ id, texts, until: this.#now() + budgetMs });
    });
    if (readings === undefined) throw new Error('the model failed');
    return [...readings];
  }

  get isIdle(): boolean {
    return this.#waiting.size === 0;
  }

  take(message: ThreadMessage): void {
    if (!('id' in message)) return;
    const settle = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    settle?.('readings' in message ? message.readings : undefined);
  }

  /** Nothing will be answered any more. */
  gone(): void {
    this.#isGone = true;
    for (const settle of this.#waiting.values()) settle(undefined);
    this.#waiting.clear();
  }
}

type ReadUntil = (texts: readonly string[], until: number) => Promise<PiiReading[]>;

/** The side that answers, in the order of asking. */
export const answerWith = (read: ReadUntil, send: (message: ThreadMessage) => void) => {
  let last: Promise<void> = Promise.resolve();
  return ({ id, texts, until }: ReadMessage): Promise<void> => {
    last = last.then(async () =>
      send(
        await read(texts, until).then(
          (readings) => ({ id, readings }),
          () => ({ id, failed: true }) as const,
        ),
      ),
    );
    return last;
  };
};
