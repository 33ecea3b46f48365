/**
 * The runtime's logs: `<data>/logs/<name>.jsonl`, mode 0600, bounded. Writers hold the file open for appending, so
 * a full one is copied aside and emptied in place rather than renamed.
 */
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

export interface LogBounds {
  maxBytes: number;
  /** Copies kept beside the file being written. */
  keep: number;
  checkMs: number;
}

const BOUNDS: LogBounds = { maxBytes: 50 * 1024 * 1024, keep: 3, checkMs: 5_000 };
const CURRENT = /^([a-z-]+)\.jsonl$/;

export type LogLevel = 'INFO' | 'WARN' | 'ERROR';

export class LogDirectory {
  readonly #path: string;
  readonly #bounds: LogBounds;
  readonly #descriptors = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(path: string, bounds: LogBounds = BOUNDS) {
    this.#path = path;
    this.#bounds = bounds;
    mkdirSync(path, { recursive: true, mode: 0o700 });
  }

  file(name: string): string {
    return join(this.#path, `${name}.jsonl`);
  }

  /** A descriptor that appends to the named log. */
  open(name: string): number {
    const known = this.#descriptors.get(name);
    if (known !== undefined) return known;
    const descriptor = openSync(this.file(name), 'a', 0o600);
    this.#descriptors.set(name, descriptor);
    return descriptor;
  }

  /** One line about the runtime itself. */
  write(
    name: string,
    level: LogLevel,
    message: string,
    fields: Readonly<Record<string, unknown>> = {},
  ): void {
    const line = { timestamp: new Date().toISOString(), level, source: name, message, ...fields };
    writeSync(this.open(name), `${JSON.stringify(line)}\n`);
  }

  startRotation(): void {
    this.#timer = setInterval(() => this.rotate(), this.#bounds.checkMs).unref();
  }

  stopRotation(): void {
    clearInterval(this.#timer);
  }

  rotate(): void {
    for (const entry of readdirSync(this.#path)) {
      const name = CURRENT.exec(entry)?.[1];
      if (name !== undefined && statSync(this.file(name)).size > this.#bounds.maxBytes) this.#shift(name);
    }
  }

  #shift(name: string): void {
    const copy = (index: number): string => this.file(`${name}.${index}`);
    rmSync(copy(this.#bounds.keep), { force: true });
    for (let index = this.#bounds.keep - 1; index >= 1; index -= 1) {
      try {
        renameSync(copy(index), copy(index + 1));
      } catch {
        // There is no such copy yet.
      }
    }
    copyFileSync(this.file(name), copy(1));
    chmodSync(copy(1), 0o600);
    truncateSync(this.file(name));
  }
}
