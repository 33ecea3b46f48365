/** Passes a stream on as it comes, and tells what it was once it has ended: its last byte leaves before, its end after that. */
import { pipeline, type Readable, Transform, type TransformCallback } from 'node:stream';

export interface KeepingHooks {
  /** Undefined where it was larger than may be kept. Never rejects. */
  ended(body: string | undefined): Promise<void>;
  /** The reader left, or the source failed, before the end. Never rejects. */
  left(): Promise<void>;
}

export class KeepingStream extends Transform {
  readonly #source: Readable;
  readonly #hooks: KeepingHooks;
  readonly #most: number;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #hasEnded = false;

  constructor(source: Readable, most: number, hooks: KeepingHooks) {
    super();
    this.#source = source;
    this.#most = most;
    this.#hooks = hooks;
    pipeline(source, this, () => undefined);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= this.#most) this.#chunks.push(chunk);
    else this.#chunks = [];
    callback(null, chunk);
  }

  override _flush(callback: TransformCallback): void {
    this.#hasEnded = true;
    const body = this.#bytes <= this.#most ? Buffer.concat(this.#chunks).toString('utf8') : undefined;
    void this.#hooks.ended(body).then(() => callback());
  }

  /** Closed when the source is, so that whoever waits for that waits for what the source still has to settle. */
  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    const left = async (): Promise<void> => {
      if (!this.#source.closed) {
        await new Promise((resolve) =>
          this.#source
            .once('close', resolve)
            .on('error', () => undefined)
            .destroy(),
        );
      }
      if (!this.#hasEnded) await this.#hooks.left();
    };
    void left().then(() => callback(error));
  }
}
