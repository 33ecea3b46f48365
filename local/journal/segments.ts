/**
 * The journal's files: lines, and null bytes where none is written yet. Entries are booked in the order in which they were
 * written; a file of which all are booked is removed once no more is written to it. What a process leaves when it dies is there
 * for the next one, some of it booked already: to book that again changes nothing.
 */
import {
  appendFileSync,
  closeSync,
  fdatasyncSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { SettledObservation } from '../../shared/ports/observation-store.ts';

interface Segment {
  path: string;
  /** None where it is only read from. */
  descriptor: number | undefined;
  bytes: number;
  /** Entries that are not booked. */
  left: number;
}

type Open = Segment & { descriptor: number };

const isOpen = (segment: Segment | undefined): segment is Open => segment?.descriptor !== undefined;

const MAX_BYTES = 256 * 1024;
const NAME = /^(\d{8})\.jsonl$/;

/** One line to an entry. */
export const lineOf = (entry: SettledObservation): string => JSON.stringify(entry);
export const entryOf = (line: string): SettledObservation => JSON.parse(line) as SettledObservation;

const isWhole = (entry: Partial<SettledObservation>): entry is SettledObservation =>
  entry.observation !== undefined && entry.settlement !== undefined;

const readable = (line: string): SettledObservation | undefined => {
  try {
    const entry: Partial<SettledObservation> = entryOf(line);
    return isWhole(entry) ? entry : undefined;
  } catch {
    return undefined;
  }
};

export class Segments {
  /** What a former process may not have booked, oldest first. */
  readonly leftovers: readonly SettledObservation[];
  readonly #directory: string;
  /** The directory itself, whose names are to be durable too. */
  readonly #entry: number;
  readonly #maxBytes: number;
  /** Oldest first. */
  readonly #segments: Segment[] = [];
  #next = 1;

  constructor(directory: string, maxBytes = MAX_BYTES) {
    this.#directory = directory;
    this.#maxBytes = maxBytes;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.#entry = openSync(directory, 'r');
    const leftovers: SettledObservation[] = [];
    for (const name of readdirSync(directory).sort()) {
      const number = NAME.exec(name)?.[1];
      if (number === undefined) continue;
      this.#next = Number(number) + 1;
      const path = join(directory, name);
      const entries = this.#entriesOf(path);
      leftovers.push(...entries);
      this.#segments.push({ path, descriptor: undefined, bytes: 0, left: entries.length });
    }
    this.leftovers = leftovers;
    this.#dropBooked();
  }

  /** Durable on return; on a throw none of them counts as written. */
  append(lines: readonly string[]): void {
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    const segment = this.#current(bytes.length);
    try {
      for (let at = 0; at < bytes.length; )
        at += writeSync(segment.descriptor, bytes, at, bytes.length - at, segment.bytes + at);
      fdatasyncSync(segment.descriptor);
    } catch (error) {
      // What it ends with may be torn; nothing must be written behind that.
      segment.bytes = Number.POSITIVE_INFINITY;
      throw error;
    }
    segment.bytes += bytes.length;
    segment.left += lines.length;
  }

  /** So many of the oldest are booked. */
  booked(count: number): void {
    let left = count;
    for (const segment of this.#segments) {
      const here = Math.min(left, segment.left);
      segment.left -= here;
      left -= here;
    }
    this.#dropBooked();
  }

  /** What is not booked stays. */
  close(): void {
    for (const segment of this.#segments.splice(0)) {
      if (segment.descriptor !== undefined) closeSync(segment.descriptor);
      if (segment.left === 0) rmSync(segment.path, { force: true });
    }
    closeSync(this.#entry);
  }

  #current(bytes: number): Open {
    const last = this.#segments.at(-1);
    if (isOpen(last) && last.bytes + bytes <= this.#maxBytes) return last;
    const path = join(this.#directory, `${String(this.#next++).padStart(8, '0')}.jsonl`);
    const segment = { path, descriptor: openSync(path, 'wx', 0o600), bytes: 0, left: 0 };
    this.#segments.push(segment);
    // A sync of bytes that have their place already is quicker than one that has to record a new length.
    writeSync(segment.descriptor, Buffer.alloc(this.#maxBytes));
    fsyncSync(segment.descriptor);
    fsyncSync(this.#entry);
    return segment;
  }

  #dropBooked(): void {
    for (let first = this.#segments[0]; first?.left === 0; first = this.#segments[0]) {
      if (isOpen(first) && this.#segments.length === 1 && first.bytes < this.#maxBytes) return;
      this.#segments.shift();
      if (isOpen(first)) closeSync(first.descriptor);
      rmSync(first.path, { force: true });
    }
  }

  /** A crash may have torn the last line, which nobody was told of. Any other that cannot be read is put aside. */
  #entriesOf(path: string): SettledObservation[] {
    const lines = readFileSync(path, 'utf8').split('\0', 1)[0]?.split('\n').slice(0, -1) ?? [];
    const entries: SettledObservation[] = [];
    for (const line of lines) {
      const entry = readable(line);
      if (entry === undefined) appendFileSync(join(this.#directory, 'damaged'), `${line}\n`, { mode: 0o600 });
      else entries.push(entry);
    }
    return entries;
  }
}
