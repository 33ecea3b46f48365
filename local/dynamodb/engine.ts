/** dynoxide, the store that speaks DynamoDB: where its binary is, and when it answers. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '../data-dir/layout.ts';
import type { ProcessSpec } from '../processes/managed-process.ts';

const LOOPBACK = '127.0.0.1';
const EXECUTABLE = process.platform === 'win32' ? 'dynoxide.exe' : 'dynoxide';

export const publishedEngine = (root: string): string =>
  join(root, 'node_modules/@dynoxide', `${process.platform}-${process.arch}`, EXECUTABLE);

/** Of the published binary's release, so that both take each other's files. */
export const ENGINE_CRATE = { name: 'dynoxide-rs', version: '2.0.1' } as const;

/** Where builds are kept: `directory`, relative to the checkout, else its cache. */
export const engineBuilds = (root: string, directory: string | undefined): string =>
  resolve(root, directory ?? '.cache');
/** Where the build of this crate's version is. */
export const engineBuild = (builds: string): string => join(builds, `dynoxide-${ENGINE_CRATE.version}`);
export const builtEngine = (builds: string): string => join(engineBuild(builds), 'bin', EXECUTABLE);

/** Several observations to a page: of SQLite's own size, 4,096, there are more to write and to go through. */
const PAGE_BYTES = 8_192;

/** The build for this machine where there is one, else the published binary. Throws StartError where there is neither. */
export const findEngine = (
  root: string,
  override: string | undefined,
  builds: string = engineBuilds(root, undefined),
): string => {
  if (override !== undefined) {
    if (existsSync(override)) return override;
    throw new StartError('DYNOXIDE_PATH names no file.');
  }
  const path = [builtEngine(builds), publishedEngine(root)].find((one) => existsSync(one));
  if (path !== undefined) return path;
  throw new StartError(
    `There is no dynoxide (the local DynamoDB) for ${process.platform}-${process.arch} in node_modules; npm run build:store builds it with Rust's cargo, or set DYNOXIDE_PATH to one of your own.`,
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
