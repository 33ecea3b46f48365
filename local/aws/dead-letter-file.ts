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

export type Handled = 'done' | 'retry' | 'hopeless';

export class DeadLetterFile {
  readonly #path: string;
  readonly #underway: string;
  readonly #hopeless: string;

  constructor(path: string) {
    this.#path = path;
    this.#underway = `${path}.replaying`;
    this.#hopeless = `${path}.hopeless`;
  }

  append(bodies: readonly string[]): void {
    append(this.#path, bodies);
  }

  get waiting(): boolean {
    return existsSync(this.#underway) || existsSync(this.#path);
  }

  /** Offers every message once, oldest first; stops at the first that is to be tried again. Answers how many are done. */
  async replay(handle: (body: string) => Promise<Handled>): Promise<number> {
    if (!existsSync(this.#underway)) {
      if (!existsSync(this.#path)) return 0;
      renameSync(this.#path, this.#underway);
    }
    const lines = readFileSync(this.#underway, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    let next = 0;
    let done = 0;
    for (; next < lines.length; next += 1) {
      const line = lines[next] ?? '';
      const body = decode(line);
      const outcome = body === undefined ? 'hopeless' : await handle(body);
      if (outcome === 'retry') break;
      if (outcome === 'done') done += 1;
      else append(this.#hopeless, [body ?? line]);
    }
    if (next === lines.length) rmSync(this.#underway);
    else if (next > 0)
      writeAtomically(
        this.#underway,
        lines
          .slice(next)
          .map((line) => `${line}\n`)
          .join(''),
      );
    return done;
  }
}

const append = (path: string, bodies: readonly string[]): void => {
  const descriptor = openSync(path, 'a', 0o600);
  try {
    writeSync(descriptor, bodies.map((body) => `${JSON.stringify(body)}\n`).join(''));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};

const decode = (line: string): string | undefined => {
  try {
    const body: unknown = JSON.parse(line);
    return typeof body === 'string' ? body : undefined;
  } catch {
    return undefined;
  }
};
