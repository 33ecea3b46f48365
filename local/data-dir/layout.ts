/** What lies where in the data directory, whether a directory is one of ours, and how it is emptied. */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface DataDirectory {
  root: string;
  marker: string;
  lock: string;
  database: string;
  secrets: string;
  /** There once the first start has registered its models. */
  seeded: string;
  deadLetters: string;
  /** What was answered and is not in the store yet. */
  journal: string;
  /** What was told on the event bus. */
  events: string;
  runtime: string;
  /** Where the store listens, for tools that look into it while the runtime runs. */
  store: string;
  /** Names the directory of the socket at which `select` answers. */
  socket: string;
  processes: string;
  logs: string;
}

/** A complaint for the person at the terminal; one line. */
export class StartError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.name = 'StartError';
    this.exitCode = exitCode;
  }
}

export const layout = (path: string): DataDirectory => {
  const root = resolve(path);
  const at = (name: string): string => join(root, name);
  return {
    root,
    marker: at('atp-data.json'),
    lock: at('atp.lock'),
    database: at('dynamodb.sqlite'),
    secrets: at('secrets.json'),
    seeded: at('seeded.json'),
    deadLetters: at('dead-letters.jsonl'),
    journal: at('journal'),
    events: at('events.jsonl'),
    runtime: at('runtime.json'),
    store: at('store.json'),
    socket: at('socket'),
    processes: at('processes.json'),
    logs: at('logs'),
  };
};

/** Makes the directory (0700) and its marker. Throws StartError for a directory with other things in it. */
export const claimDirectory = (data: DataDirectory): void => {
  try {
    mkdirSync(data.root, { recursive: true, mode: 0o700 });
    if (existsSync(data.marker)) return;
    if (readdirSync(data.root).length > 0) {
      throw new StartError(`${data.root} is not empty and is no data directory of this program.`);
    }
    writeFileSync(data.marker, `${JSON.stringify({ format: 1 })}\n`, { mode: 0o600 });
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(
      `${data.root} cannot be used: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}.`,
    );
  }
};

/** Removes what a former run left, but for the marker and the lock. The caller holds the lock. */
export const wipeDirectory = (data: DataDirectory): void => {
  const keep = new Set([data.marker, data.lock]);
  for (const name of readdirSync(data.root)) {
    const path = join(data.root, name);
    if (!keep.has(path)) rmSync(path, { recursive: true, force: true });
  }
};
