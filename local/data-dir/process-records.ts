/** Remembers our processes on disk, so that the next start ends what a crash left running. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readJson, writeAtomically } from './files.ts';

/** A process id is used again one day; together with the start time it names one process. */
export interface ProcessIdentity {
  pid: number;
  started: string;
}

/** Undefined where there is no such process, or only its corpse. */
export const identify = (pid: number): ProcessIdentity | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in parentheses may hold anything; state is the first field after it, start time the 20th.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return { pid, started: `${boot}:${fields[19]}` };
  } catch {
    return process.platform === 'linux' ? undefined : identifyByPs(pid);
  }
};

const identifyByPs = (pid: number): ProcessIdentity | undefined => {
  try {
    const started = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return started === '' ? undefined : { pid, started };
  } catch {
    return undefined;
  }
};

const isIdentity = (value: unknown): value is ProcessIdentity =>
  typeof value === 'object' &&
  value !== null &&
  'pid' in value &&
  'started' in value &&
  Number.isSafeInteger(value.pid) &&
  Number(value.pid) > 1 &&
  typeof value.started === 'string';

export class ProcessRecords {
  readonly #path: string;
  readonly #live = new Map<number, ProcessIdentity>();

  constructor(path: string) {
    this.#path = path;
  }

  /** Kills what the last run left alive; answers how many there were. */
  killOrphans(): number {
    const recorded = readJson(this.#path);
    let killed = 0;
    for (const entry of Array.isArray(recorded) ? recorded : []) {
      if (!isIdentity(entry) || identify(entry.pid)?.started !== entry.started) continue;
      try {
        process.kill(entry.pid, 'SIGKILL');
        killed += 1;
      } catch {
        // It ended by itself in between.
      }
    }
    this.#write();
    return killed;
  }

  add(pid: number): void {
    const identity = identify(pid);
    if (identity === undefined) return;
    this.#live.set(pid, identity);
    this.#write();
  }

  remove(pid: number): void {
    if (this.#live.delete(pid)) this.#write();
  }

  #write(): void {
    writeAtomically(this.#path, `${JSON.stringify([...this.#live.values()])}\n`);
  }
}
