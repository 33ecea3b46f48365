/** Text for a file, written in batches: a write for each line would cost a lone request as much as its redaction. */
import { writeSync } from 'node:fs';

const FLUSH_BYTES = 64 * 1024;

export class BatchedOutput {
  readonly #descriptor: number;
  readonly #flushMs: number;
  #buffer = '';
  #timer: NodeJS.Timeout | undefined;

  /** Nothing waits longer than `flushMs`. */
  constructor(descriptor: number, flushMs: number) {
    this.#descriptor = descriptor;
    this.#flushMs = flushMs;
  }

  write(text: string): void {
    this.#buffer += text;
    if (this.#buffer.length >= FLUSH_BYTES) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), this.#flushMs).unref();
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#buffer === '') return;
    const bytes = Buffer.from(this.#buffer);
    this.#buffer = '';
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at);
    } catch {
      // A full disk must not end the gateway.
    }
  }
}
