/** One JSON line a request, by the route's pattern: never a header, a query or a path. Written in batches. */
import { writeSync } from 'node:fs';

const FLUSH_MS = 100;
const FLUSH_BYTES = 64 * 1024;

export class AccessLog {
  readonly #descriptor: number;
  #buffer = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  record(route: string, status: number, ms: number, requestId: string): void {
    this.#buffer += `{"timestamp":"${new Date().toISOString()}","route":"${route}","status":${status},"ms":${ms.toFixed(2)},"request_id":"${requestId}"}\n`;
    if (this.#buffer.length >= FLUSH_BYTES) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), FLUSH_MS).unref();
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#buffer === '') return;
    const text = this.#buffer;
    this.#buffer = '';
    try {
      writeSync(this.#descriptor, text);
    } catch {
      // A full disk must not end the gateway.
    }
  }
}
