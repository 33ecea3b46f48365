/**
 * One Lambda function behind the Lambda Runtime API: invocations wait here until the function's process asks for
 * the next one. Payloads pass through as the bytes they are. A process that does not answer in time is given up.
 */
export interface InvokeResult {
  payload: Buffer;
  /** Set where the function failed: `Unhandled` for an error of its own or of its process. */
  functionError?: string;
}

/** The HTTP side of a `next` poll that waits for work. */
export interface Poller {
  deliver(invocation: Invocation): void;
}

export interface Invocation {
  id: string;
  payload: Buffer;
  deadlineMs: number;
}

interface Pending extends Invocation {
  settle(result: InvokeResult): void;
  timer: NodeJS.Timeout;
}

export interface LambdaFunctionOptions {
  name: string;
  timeoutMs: number;
  newId(): string;
  now(): number;
  /** The process hangs: end it. */
  onHang(): void;
}

const failure = (errorType: string, errorMessage: string): InvokeResult => ({
  payload: Buffer.from(JSON.stringify({ errorType, errorMessage })),
  functionError: 'Unhandled',
});

export class LambdaFunction {
  readonly #options: LambdaFunctionOptions;
  readonly #pending = new Map<string, Pending>();
  #queue: Pending[] = [];
  #pollers: Poller[] = [];
  #running = false;

  constructor(options: LambdaFunctionOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  /** Whether there is a process that will answer. */
  get running(): boolean {
    return this.#running;
  }

  processStarted(): void {
    this.#running = true;
  }

  /** Every invocation that waits fails at once: the caller has other ways to get its answer. */
  processEnded(): void {
    this.#running = false;
    this.#pollers = [];
    this.#queue = [];
    const ended = failure('Runtime.ExitError', 'The process ended before it answered');
    for (const pending of [...this.#pending.values()]) this.#finish(pending, ended);
  }

  /** Undefined where the function is not running. Never rejects. */
  invoke(payload: Buffer): Promise<InvokeResult> | undefined {
    if (!this.#running) return undefined;
    return new Promise((settle) => {
      const { timeoutMs, newId, now } = this.#options;
      const id = newId();
      const timer = setTimeout(() => this.#expire(id), timeoutMs);
      const pending: Pending = { id, payload, deadlineMs: now() + timeoutMs, settle, timer };
      this.#pending.set(id, pending);
      const poller = this.#pollers.shift();
      if (poller === undefined) this.#queue.push(pending);
      else poller.deliver(pending);
    });
  }

  /** A `next` poll: answered now or when there is work. */
  poll(poller: Poller): void {
    const pending = this.#queue.shift();
    if (pending === undefined) this.#pollers.push(poller);
    else poller.deliver(pending);
  }

  /** The poll's connection is gone. */
  leave(poller: Poller): void {
    this.#pollers = this.#pollers.filter((other) => other !== poller);
  }

  /** False where no such invocation waits (any more). */
  complete(id: string, result: InvokeResult): boolean {
    const pending = this.#pending.get(id);
    if (pending === undefined) return false;
    this.#finish(pending, result);
    return true;
  }

  #expire(id: string): void {
    const seconds = (this.#options.timeoutMs / 1000).toFixed(2);
    this.complete(id, failure('Sandbox.Timedout', `Task timed out after ${seconds} seconds`));
    this.#queue = this.#queue.filter((pending) => pending.id !== id);
    this.#options.onHang();
  }

  #finish(pending: Pending, result: InvokeResult): void {
    clearTimeout(pending.timer);
    this.#pending.delete(pending.id);
    pending.settle(result);
  }
}
