/**
 * Replays that were made before, kept in files, so that a run of hours can be cut off, goes on where it was, and can be
 * shared by several processes. A replay hangs on the code, the outcomes and its own name alone: all are in the file's name.
 */
import { createHash, type Hash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
/** All that a replay runs through, and some more. */
const CODE = [
  'bench/routing',
  'shared/model',
  'shared/services/selection',
  'shared/services/features',
  'shared/services/evaluation',
  'shared/adapters/embedding',
];

export class KeptReplays {
  readonly #directory: string;
  readonly #common: string;

  /** `data` is where the outcomes lie, `about` what else every replay of the run hangs on. */
  constructor(directory: string, data: string, about: unknown) {
    this.#directory = directory;
    const hash = createHash('sha256').update(JSON.stringify([process.version, about]));
    for (const folder of CODE) addFolder(hash, join(ROOT, folder), /\.(ts|json)$/);
    addFolder(hash, data, /\.jsonl\.gz$/);
    this.#common = hash.digest('hex');
    mkdirSync(directory, { recursive: true });
  }

  /** What was kept under that name; `make` only where nothing was. */
  get<T>(name: unknown, make: () => T): T {
    const file = this.#file(name);
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as T;
    const made = make();
    const written = `${file}.${process.pid}`;
    writeFileSync(written, JSON.stringify(made));
    renameSync(written, file);
    return made;
  }

  #file(name: unknown): string {
    const hash = createHash('sha256').update(JSON.stringify([this.#common, name]));
    return join(this.#directory, `${hash.digest('hex').slice(0, 32)}.json`);
  }
}

function addFolder(hash: Hash, folder: string, wanted: RegExp): void {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((one) => wanted.test(one)).sort())
    hash.update(file).update(readFileSync(join(folder, file)));
}
