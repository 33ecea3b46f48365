/** The gateway that is asked: one of its own on a data directory that is thrown away, or one that runs already. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { familyOf, start, until } from '../../bench/support/processes.ts';
import type { RuntimeDescription } from '../../local/supervisor/runtime-file.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const READY_WITHIN_MS = 120_000;
/** A first start builds the learner. */
const BUILT_WITHIN_MS = 900_000;

export interface Target {
  readonly url: string;
  readonly adminKey: string;
  /** As it stands now; undefined for a gateway that is not our own. */
  runtime(): RuntimeDescription | undefined;
  /** Processes that serve requests. */
  workers(): number[];
  stop(): Promise<void>;
}

export const runningTarget = (url: string, adminKey: string): Target => ({
  ...{ url, adminKey },
  runtime: () => undefined,
  workers: () => [],
  stop: async () => undefined,
});

/** Resolves when it serves, decides by Rust and can learn. */
export const startTarget = async (workers: number, note: (text: string) => void): Promise<Target> => {
  const home = mkdtempSync(join(tmpdir(), 'atp-load-'));
  const data = join(home, 'data');
  const args = ['--port', '0', '--data', data, '--empty', '--quiet', '--workers', String(workers)];
  const started = start(process.execPath, [join(ROOT, 'scripts/start.mjs'), ...args]);
  const stop = async (): Promise<void> => {
    await started.stop();
    rmSync(home, { recursive: true, force: true });
  };
  const runtime = (): RuntimeDescription =>
    JSON.parse(readFileSync(join(data, 'runtime.json'), 'utf8')) as RuntimeDescription;
  try {
    await until('a runtime of its own', async () => runtime().url !== '', READY_WITHIN_MS);
    if (runtime().processes.learn === null) note('Building selector and learner; minutes, once …');
    await until('the selector', async () => runtime().processes.learn !== null, BUILT_WITHIN_MS);
  } catch (error) {
    await stop();
    throw error;
  }
  const { url, admin_key, pid } = runtime();
  return {
    ...{ url, adminKey: admin_key, runtime, stop },
    workers: () =>
      [...familyOf(pid)].flatMap(([one, command]) => (command.includes('gateway/worker.ts') ? [one] : [])),
  };
};
