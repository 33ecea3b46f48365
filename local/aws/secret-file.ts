/** The secrets of this data directory: one file, mode 0600, replaced in one rename. */
import { existsSync } from 'node:fs';
import { readJson, writeAtomically } from '../data-dir/files.ts';
import { StartError } from '../data-dir/layout.ts';

export class SecretFile {
  readonly #path: string;
  readonly #values: Map<string, string>;

  /** Throws StartError where the file is there but cannot be read: made anew, it would lock everybody out. */
  constructor(path: string) {
    this.#path = path;
    const stored = readJson(path);
    if (stored === undefined && existsSync(path))
      throw new StartError(`${path} is damaged; restore it, or use --fresh.`);
    const entries = Object.entries((stored ?? {}) as Record<string, unknown>);
    this.#values = new Map(
      entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  }

  get(name: string): string | undefined {
    return this.#values.get(name);
  }

  set(name: string, value: string): void {
    this.#values.set(name, value);
    this.#write();
  }

  /** False where there was none. */
  delete(name: string): boolean {
    const existed = this.#values.delete(name);
    if (existed) this.#write();
    return existed;
  }

  #write(): void {
    writeAtomically(this.#path, `${JSON.stringify(Object.fromEntries(this.#values), null, 2)}\n`);
  }
}
