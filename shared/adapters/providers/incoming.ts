/**
 * One reply that is read as it comes, straight on undici's dispatcher: no Readable is made for it. What has come waits for who
 * takes it, all at once; where too much waits, the provider does.
 */
import type { Dispatcher } from 'undici';

export interface IncomingHead {
  status: number;
  headers: Record<string, string | string[] | undefined>;
}

export interface IncomingOptions {
  signal: AbortSignal;
  /** Bytes of a whole reply; more of it fails the call. */
  maxBytes: number;
  /** What the failure is then. */
  tooMuch: () => Error;
  /** What a fault on the way means. */
  asFault: (error: unknown) => unknown;
}

/** Bytes that may wait before the connection is left alone. */
const ENOUGH_BYTES = 64 * 1024;
/** Of what nobody wants: so much of it and so long, and the connection may serve again. */
const DROPPED_BYTES = 128 * 1024;
const DROPPED_MS = 1_000;

const NOTHING: readonly Uint8Array[] = [];

interface Waiting<Value> {
  resolve(value: Value): void;
  reject(error: unknown): void;
}

const left = (): Error => new Error('nobody waits for it any longer');

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error('aborted'));

export class Incoming implements Dispatcher.DispatchHandler {
  readonly #options: IncomingOptions;
  readonly #head = Promise.withResolvers<IncomingHead>();
  readonly #onAbort = (): void => this.#abort(this.#options.signal.reason);
  #controller: Dispatcher.DispatchController | undefined;
  #pieces: Uint8Array[] = [];
  #waitingBytes = 0;
  #bytes = 0;
  #taker: Waiting<readonly Uint8Array[]> | undefined;
  #failure: { error: unknown } | undefined;
  #isEnded = false;
  #dropping: NodeJS.Timeout | undefined;

  constructor(options: IncomingOptions) {
    this.#options = options;
    options.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Rejects with the signal's reason where that was aborted, else with what the fault means. */
  get head(): Promise<IncomingHead> {
    return this.#head.promise;
  }

  /** What has come since the last call, at least one piece; none at the end. Rejects as the head does. */
  take(): Promise<readonly Uint8Array[]> {
    if (this.#pieces.length > 0) return Promise.resolve(this.#taken());
    if (this.#failure !== undefined) return Promise.reject(this.#failure.error);
    if (this.#isEnded) return Promise.resolve(NOTHING);
    return new Promise((resolve, reject) => {
      this.#taker = { resolve, reject };
    });
  }

  /** Nobody wants the rest; the connection is closed with it. Whoever waits gets nothing. */
  leave(): void {
    if (this.#isEnded || this.#failure !== undefined) return;
    this.#end();
    this.#head.reject(left());
    this.#controller?.abort(left());
  }

  /** Nobody wants the rest, which is short and soon there: the connection is kept. */
  drop(): void {
    if (this.#isEnded || this.#failure !== undefined) return;
    this.#pieces = [];
    this.#bytes = 0;
    this.#dropping = setTimeout(() => this.leave(), DROPPED_MS).unref();
    this.#controller?.resume();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#failure !== undefined) controller.abort(asError(this.#failure.error));
    else if (this.#isEnded) controller.abort(left());
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHead['headers'],
  ): void {
    if (status >= 200) this.#head.resolve({ status, headers });
  }

  onResponseData(controller: Dispatcher.DispatchController, piece: Buffer): void {
    this.#bytes += piece.length;
    if (this.#dropping !== undefined) {
      if (this.#bytes > DROPPED_BYTES) this.leave();
      return;
    }
    if (this.#bytes > this.#options.maxBytes) {
      this.#abort(this.#options.tooMuch());
      return;
    }
    this.#pieces.push(piece);
    this.#waitingBytes += piece.length;
    const taker = this.#taker;
    if (taker !== undefined) {
      this.#taker = undefined;
      taker.resolve(this.#taken());
    } else if (this.#waitingBytes > ENOUGH_BYTES) controller.pause();
  }

  onResponseEnd(): void {
    this.#end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(this.#options.asFault(error));
  }

  #taken(): readonly Uint8Array[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    const wasFull = this.#waitingBytes > ENOUGH_BYTES;
    this.#waitingBytes = 0;
    if (wasFull) this.#controller?.resume();
    return pieces;
  }

  #abort(reason: unknown): void {
    this.#fail(reason);
    this.#controller?.abort(asError(reason));
  }

  #fail(error: unknown): void {
    if (this.#isEnded || this.#failure !== undefined) return;
    this.#failure = { error };
    this.#settled();
    this.#head.reject(error);
    this.#taker?.reject(error);
  }

  #end(): void {
    if (this.#isEnded || this.#failure !== undefined) return;
    this.#isEnded = true;
    this.#settled();
    this.#taker?.resolve(NOTHING);
  }

  #settled(): void {
    clearTimeout(this.#dropping);
    this.#options.signal.removeEventListener('abort', this.#onAbort);
  }
}
