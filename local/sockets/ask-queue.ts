/** The queue of asks, in memory: delivered to the worker's handler in this process, so many at once, again where it failed. */
import { randomUUID } from 'node:crypto';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { InvocationContext } from '../lambda/invocation-context.ts';
import { queueEvent } from './events.ts';

export type WorkerHandler = (event: SQSEvent, context: InvocationContext) => Promise<SQSBatchResponse>;

export interface AskQueueOptions {
  /** Loads it at the first message. */
  worker: () => Promise<WorkerHandler>;
  /** A message that no try could handle; the error's name alone may be told. */
  onFailure(error: unknown): void;
  retryMs?: number;
}

interface Waiting {
  body: string;
  receives: number;
  sentAt: number;
}

const AT_ONCE = 256;
const MOST_WAITING = 10_000;
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_RECEIVES = 3;
const RETRY_MS = 1_000;
/** As the function's own on AWS. */
const TIMEOUT_MS = 90_000;
const TEMPLATE = { functionName: 'ws-worker', memoryLimitInMB: '1024' };

/** An invocation whose time may be cut short while it runs. */
class QueueContext extends InvocationContext {
  readonly #latest: () => number;

  constructor(latest: () => number) {
    super(TEMPLATE, randomUUID(), performance.now() + TIMEOUT_MS);
    this.#latest = latest;
  }

  override getRemainingTimeInMillis(): number {
    return Math.max(0, Math.min(super.getRemainingTimeInMillis(), this.#latest() - performance.now()));
  }
}

export class AskQueue {
  readonly #options: AskQueueOptions;
  readonly #waiting: Waiting[] = [];
  #bytes = 0;
  #running = 0;
  #retrying = 0;
  #deadline = Number.POSITIVE_INFINITY;
  #isClosed = false;

  constructor(options: AskQueueOptions) {
    this.#options = options;
  }

  /** Asks that have not been answered in full. */
  get underway(): number {
    return this.#waiting.length + this.#running + this.#retrying;
  }

  /** False where it takes no more. */
  put(body: string): boolean {
    if (this.#isClosed || this.#waiting.length >= MOST_WAITING || this.#bytes + body.length > MOST_BYTES)
      return false;
    this.#enqueue({ body, receives: 0, sentAt: Date.now() });
    return true;
  }

  /** Takes no more; what is under way has to end by `deadline`, of performance.now(). */
  close(deadline: number): void {
    this.#isClosed = true;
    this.#deadline = deadline;
  }

  #enqueue(message: Waiting): void {
    this.#waiting.push(message);
    this.#bytes += message.body.length;
    this.#next();
  }

  #next(): void {
    while (this.#running < AT_ONCE) {
      const message = this.#waiting.shift();
      if (message === undefined) return;
      this.#bytes -= message.body.length;
      this.#running += 1;
      void this.#run(message).finally(() => {
        this.#running -= 1;
        this.#next();
      });
    }
  }

  async #run(message: Waiting): Promise<void> {
    const receives = message.receives + 1;
    try {
      const handler = await this.#options.worker();
      const event = queueEvent(randomUUID(), message.body, receives, message.sentAt);
      const { batchItemFailures } = await handler(event, new QueueContext(() => this.#deadline));
      if (batchItemFailures.length === 0) return;
      throw new Error('the worker could not handle it');
    } catch (error) {
      if (receives >= MOST_RECEIVES || this.#isClosed) this.#options.onFailure(error);
      else this.#retry({ ...message, receives });
    }
  }

  #retry(message: Waiting): void {
    this.#retrying += 1;
    setTimeout(() => {
      this.#retrying -= 1;
      this.#enqueue(message);
    }, this.#options.retryMs ?? RETRY_MS);
  }
}
