/** The store of a local runtime's data directory: the one that runs, or one of our own on the same data. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { readJson } from '../../local/data-dir/files.ts';
import type { layout } from '../../local/data-dir/layout.ts';
import { acquireLock } from '../../local/data-dir/lock.ts';
import { engineSpec, findEngine, untilAnswering } from '../../local/dynamodb/engine.ts';
import { freePort } from '../../local/free-port.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PATIENCE_MS = 20_000;

/** It checks no credentials, but clients sign. */
export const LOCAL_ACCESS = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
} as const;

export interface LocalStore {
  url: string;
  stop(): Promise<void>;
}

const runningStore = (path: string): LocalStore => {
  const url = (readJson(path) as { dynamodb?: unknown } | undefined)?.dynamodb;
  if (typeof url !== 'string') throw new Error('The runtime is just starting: try again in a moment.');
  return { url, stop: async () => undefined };
};

/** The runtime's own store, on its data, for as long as this takes. */
const startStore = async (database: string): Promise<LocalStore> => {
  const port = await freePort();
  const { command, args, env } = engineSpec(findEngine(ROOT, process.env.DYNOXIDE_PATH), port, database);
  const child = spawn(command, args, { env, stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  await untilAnswering(url, PATIENCE_MS);
  return {
    url,
    stop: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
};

export const openLocalStore = async (
  data: Pick<ReturnType<typeof layout>, 'lock' | 'store' | 'database'>,
): Promise<LocalStore> => {
  const lock = acquireLock(data.lock);
  if (lock === undefined) return runningStore(data.store);
  const { url, stop } = await startStore(data.database);
  return {
    url,
    stop: async () => {
      await stop();
      lock.release();
    },
  };
};
