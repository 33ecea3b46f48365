/**
 * The stream a handler writes its reply to. The sink learns the status and headers with the first byte, so that a
 * short reply, ended in the same turn of the event loop, can leave in one write.
 */
import { Writable } from 'node:stream';
import type { ResponsePrelude, TakesPrelude } from './awslambda-global.ts';

/** `chunk` is missing where there is nothing to send but the head. Throwing fails the stream. */
export interface ResponseSink {
  /** The whole reply. */
  reply(prelude: ResponsePrelude, body: Buffer): void;
  /** The head and the first bytes of a longer reply. */
  begin(prelude: ResponsePrelude, chunk: Buffer): void;
  /** Calls back when more may come. */
  write(chunk: Buffer, done: () => void): void;
  end(): void;
}

const NOTHING = Buffer.alloc(0);

export class ResponseStream extends Writable implements TakesPrelude {
  readonly #sink: ResponseSink;
  #prelude: ResponsePrelude | undefined;
  #held: Buffer | undefined;
  #begun = false;
  #flush: NodeJS.Immediate | undefined;

  constructor(sink: ResponseSink) {
    super({ decodeStrings: true, emitClose: true });
    this.#sink = sink;
  }

  /** Has anything of the reply left? */
  get begun(): boolean {
    return this.#begun;
  }

  takePrelude(prelude: ResponsePrelude): void {
    this.#prelude = prelude;
  }

  setContentType(_type: string): void {
    // The prelude's own headers decide.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#begun) {
      if (chunk.length === 0) done();
      else this.#sink.write(chunk, done);
      return;
    }
    this.#held =
      this.#held === undefined || this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    this.#flush ??= setImmediate(() => this.#begin());
    done();
  }

  override _final(done: (error?: Error | null) => void): void {
    clearImmediate(this.#flush);
    try {
      if (this.#begun) this.#sink.end();
      else {
        const prelude = this.#requirePrelude();
        this.#begun = true;
        this.#sink.reply(prelude, this.#held ?? NOTHING);
      }
      done();
    } catch (error) {
      done(error as Error);
    }
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearImmediate(this.#flush);
    done(error);
  }

  #begin(): void {
    if (this.destroyed || this.#begun) return;
    try {
      const prelude = this.#requirePrelude();
      this.#begun = true;
      this.#sink.begin(prelude, this.#held ?? NOTHING);
    } catch (error) {
      this.destroy(error as Error);
    }
  }

  #requirePrelude(): ResponsePrelude {
    if (this.#prelude === undefined)
      throw new Error('the handler wrote a body without HttpResponseStream.from');
    return this.#prelude;
  }
}
