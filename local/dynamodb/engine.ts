/** dynoxide, the store that speaks DynamoDB: where its binary is, and when it answers. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '../data-dir/layout.ts';
import type { ProcessSpec } from '../processes/managed-process.ts';

const LOOPBACK = '127.0.0.1';
/** Several observations to a page: of SQLite's own size, 4,096, there are more to write and to go through. */
const PAGE_BYTES = 8_192;

/** Throws StartError where this platform has no binary. */
export const findEngine = (root: string, override: string | undefined): string => {
  const platform = `${process.platform}-${process.arch}`;
  const path =
    override ??
    join(
      root,
      'node_modules',
      '@dynoxide',
      platform,
      process.platform === 'win32' ? 'dynoxide.exe' : 'dynoxide',
    );
  if (existsSync(path)) return path;
  throw new StartError(
    override === undefined
      ? `There is no dynoxide (the local DynamoDB) for ${platform} in node_modules; set DYNOXIDE_PATH to one of your own.`
      : 'DYNOXIDE_PATH names no file.',
  );
};

/** A database keeps the page size that it is made with, and the store makes a missing one with SQLite's own. */
export const makeDatabase = (path: string): void => {
  if (existsSync(path)) return;
  const database = new DatabaseSync(path);
  try {
    database.exec(`PRAGMA page_size = ${PAGE_BYTES}`);
    database.exec('PRAGMA journal_mode = WAL');
  } finally {
    database.close();
  }
};

/** Without a `database` file everything is kept in memory: for measuring what the disk costs. */
export const engineSpec = (binary: string, port: number, database: string | undefined): ProcessSpec => ({
  name: 'dynamodb',
  command: binary,
  args: [
    'serve',
    '--host',
    LOOPBACK,
    '--port',
    String(port),
    ...(database === undefined ? [] : ['--db-path', database]),
  ],
  // Its writes queue for one database, so a second thread only adds waking it.
  env: { PATH: process.env.PATH ?? '', TOKIO_WORKER_THREADS: '1' },
});

/** Waits until the store answers at all. Throws StartError when it does not in time. */
export const untilAnswering = async (url: string, timeoutMs: number): Promise<void> => {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    try {
      await (await fetch(url, { method: 'POST', signal: AbortSignal.timeout(1_000) })).arrayBuffer();
      return;
    } catch {
      await sleep(15);
    }
  }
  throw new StartError('The local DynamoDB did not start; see logs/dynamodb.jsonl in the data directory.');
};
