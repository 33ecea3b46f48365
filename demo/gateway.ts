/** A router to play with: one that runs already, or one of our own on a free port and a data directory that is thrown away. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { start } from '../bench/support/processes.ts';
import type { RuntimeDescription } from '../local/supervisor/runtime-file.ts';
import { DemoError } from './demo-error.ts';

const ROOT = resolve(import.meta.dirname, '..');
const READY_WITHIN_MS = 120_000;
/** A first start builds the learner. */
const BUILT_WITHIN_MS = 900_000;
const LOOK_EVERY_MS = 200;

export interface Gateway {
  readonly url: string;
  readonly key: string;
  stop(): Promise<void>;
}

export const runningGateway = (url: string, key: string): Gateway => ({
  ...{ url, key },
  stop: async () => undefined,
});

/** Resolves when it serves and can learn. `note` hears what takes long. Throws DemoError. */
export async function startGateway(note: (text: string) => void): Promise<Gateway> {
  const home = mkdtempSync(join(tmpdir(), 'atp-demo-'));
  const data = join(home, 'data');
  const args = ['--port', '0', '--data', data, '--empty', '--quiet'];
  const started = start(process.execPath, [join(ROOT, 'scripts/start.mjs'), ...args]);
  const stop = async (): Promise<void> => {
    await started.stop();
    rmSync(home, { recursive: true, force: true });
  };
  const look = (): RuntimeDescription | undefined => read(join(data, 'runtime.json'));
  const alive = (): boolean => started.child.exitCode === null && started.child.signalCode === null;
  try {
    note('Starting a router of its own …');
    await until(() => look() !== undefined, READY_WITHIN_MS, alive, 'The router did not start.');
    if (look()?.processes.learn === null) {
      note('Building the learner; about a minute, once …');
      const missing = 'The learner could not be built; it needs cargo (see docs/development/setup.md).';
      await until(() => look()?.processes.learn !== null, BUILT_WITHIN_MS, alive, missing);
    }
    const runtime = look();
    if (runtime === undefined) throw new DemoError('The router ended.');
    return { url: runtime.url, key: runtime.admin_key, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const read = (file: string): RuntimeDescription | undefined =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as RuntimeDescription) : undefined;

async function until(
  check: () => boolean,
  withinMs: number,
  alive: () => boolean,
  complaint: string,
): Promise<void> {
  const end = performance.now() + withinMs;
  while (!check()) {
    if (!alive() || performance.now() > end) throw new DemoError(complaint);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
