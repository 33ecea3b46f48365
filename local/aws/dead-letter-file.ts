/** Messages that wait on disk: on SendMessage's return they survive a crash, and they leave only once handled. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { writeAtomically } from '../data-dir/files.ts';

/** Answers the indexes of the messages that could not be handled and stay. */
export type BatchHandler = (bodies: readonly string[]) => Promise<ReadonlySet<number>>;

const BATCH = 10;

export class DeadLetterFile {
  readonly #path: string;
  readonly #underway: string;
  readonly #damaged: string;

  constructor(path: string) {
    this.#path = path;
    this.#underway = `${path}.replaying`;
    this.#damaged = `${path}.damaged`;
  }

  append(bodies: readonly string[]): void {
    appendLines(
      this.#path,
      bodies.map((body) => JSON.stringify(body)),
    );
  }

  /** Offers what waits, oldest first; a batch that fails as a whole ends the round. Answers how many are done. */
  async replay(handle: BatchHandler): Promise<number> {
    if (!existsSync(this.#underway)) {
      if (!existsSync(this.#path)) return 0;
      renameSync(this.#path, this.#underway);
    }
    const lines = this.#readable(
      readFileSync(this.#underway, 'utf8')
        .split('\n')
        .filter((line) => line !== ''),
    );
    const kept: string[] = [];
    let next = 0;
    while (next < lines.length) {
      const batch = lines.slice(next, next + BATCH);
      const failed = await handle(batch.map((line) => JSON.parse(line) as string));
      if (failed.size === batch.length) break;
      kept.push(...batch.filter((_, index) => failed.has(index)));
      next += batch.length;
    }
    const waiting = [...kept, ...lines.slice(next)];
    if (waiting.length === 0) rmSync(this.#underway);
    else writeAtomically(this.#underway, waiting.map((line) => `${line}\n`).join(''));
    return lines.length - waiting.length;
  }

  /** A crash may have torn the last line; it is put aside rather than lost or tried for ever. */
  #readable(lines: readonly string[]): string[] {
    const torn = lines.filter((line) => !isMessage(line));
    if (torn.length > 0) appendLines(this.#damaged, torn);
    return lines.filter(isMessage);
  }
}

const appendLines = (path: string, lines: readonly string[]): void => {
  const descriptor = openSync(path, 'a', 0o600);
  try {
    writeSync(descriptor, lines.map((line) => `${line}\n`).join(''));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};

const isMessage = (line: string): boolean => {
  try {
    return typeof JSON.parse(line) === 'string';
  } catch {
    return false;
  }
};
