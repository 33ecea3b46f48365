/** `<data>/runtime.json`: where the runtime is and who it consists of, for tests and tools. */
import { rmSync } from 'node:fs';
import { writeAtomically } from '../data-dir/files.ts';

export interface RuntimeDescription {
  url: string;
  ws_url: string;
  pid: number;
  version: string;
  admin_key: string;
  tenant_id: string;
  tenant_key: string;
  processes: { select: number | null; learn: number | null; dynamodb: number | null };
}

export class RuntimeFile {
  readonly #path: string;
  readonly #describe: () => RuntimeDescription;
  #written = '';
  #published = false;

  constructor(path: string, describe: () => RuntimeDescription) {
    this.#path = path;
    this.#describe = describe;
  }

  publish(): void {
    this.#published = true;
    this.refresh();
  }

  /** After a process came or went; nothing before publish(). */
  refresh(): void {
    if (!this.#published) return;
    const text = `${JSON.stringify(this.#describe())}\n`;
    if (text === this.#written) return;
    writeAtomically(this.#path, text);
    this.#written = text;
  }

  remove(): void {
    this.#published = false;
    rmSync(this.#path, { force: true });
  }
}
