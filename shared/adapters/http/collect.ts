/**
 * One request, a POST unless it says otherwise, whose whole reply is wanted, straight on undici's dispatcher: no Readable is made for a body that arrives in one
 * piece, and no AbortSignal for a time limit that is seldom reached. For the calls that every request makes.
 */
import type { Dispatcher } from 'undici';

export interface CollectOptions {
  origin?: string;
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  headers: Record<string, string>;
  body: string | Buffer;
  /** Bytes of a body; more of it fails the call with TooLargeError. */
  maxBytes: number;
  /** Milliseconds until the first byte, and between two; the dispatcher's own where they are left out. */
  headersTimeout?: number;
  bodyTimeout?: number;
  /** Nobody waits for the body of a reply with another status: it is dropped as it comes, and has a second and 128 KiB to end. */
  wanted?: (status: number) => boolean;
}

export interface Collected {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

const DROPPED_BYTES = 128 * 1024;
const DROPPED_MS = 1_000;

export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

/** What can end a call from outside: `abort` rejects it with `reason`, whatever its state. */
export interface Call {
  readonly reply: Promise<Collected>;
  abort(reason: unknown): void;
}

type Headers = Collected['headers'];

class Collector implements Dispatcher.DispatchHandler {
  readonly #options: CollectOptions;
  readonly #resolve: (reply: Collected) => void;
  readonly #reject: (error: unknown) => void;
  readonly #chunks: Buffer[] = [];
  #controller: Dispatcher.DispatchController | undefined;
  #aborted: { reason: unknown } | undefined;
  #status = 0;
  #headers: Headers = {};
  #bytes = 0;
  #dropping: NodeJS.Timeout | undefined;

  constructor(
    options: CollectOptions,
    resolve: (reply: Collected) => void,
    reject: (error: unknown) => void,
  ) {
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  abort(reason: unknown): void {
    this.#aborted = { reason };
    this.#reject(reason);
    this.#controller?.abort(asError(reason));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#aborted !== undefined) controller.abort(asError(this.#aborted.reason));
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
    if (this.#options.wanted?.(status) !== false) return;
    this.#resolve({ status, headers, text: '' });
    this.#dropping = setTimeout(() => controller.abort(new TooLargeError()), DROPPED_MS).unref();
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    const most = this.#dropping === undefined ? this.#options.maxBytes : DROPPED_BYTES;
    if (this.#bytes > most) controller.abort(new TooLargeError());
    else if (this.#dropping === undefined) this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    clearTimeout(this.#dropping);
    const [only] = this.#chunks;
    const body = this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks);
    this.#resolve({ status: this.#status, headers: this.#headers, text: body.toString('utf8') });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    clearTimeout(this.#dropping);
    this.#reject(error);
  }
}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error('aborted'));

export const collect = (dispatcher: Dispatcher, options: CollectOptions): Call => {
  const { promise, resolve, reject } = Promise.withResolvers<Collected>();
  const collector = new Collector(options, resolve, reject);
  const { wanted: _, maxBytes: __, ...request } = options;
  try {
    dispatcher.dispatch({ method: 'POST', ...request }, collector);
  } catch (error) {
    reject(error);
  }
  return { reply: promise, abort: (reason) => collector.abort(reason) };
};
