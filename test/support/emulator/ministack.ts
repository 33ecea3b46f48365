/** MiniStack on loopback, on a free port, with its state in a folder of its own; unless an emulator is given already. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = resolve(import.meta.dirname, '../../..');
const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 3_000;

/** Runs before a function's own code, and defines `awslambda` so that a stream is collected into one reply. */
export const AWSLAMBDA_SHIM = join(import.meta.dirname, 'awslambda-shim.ts');

/** What any emulator takes for credentials. */
export const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
} as const;

export interface Emulator {
  endpoint: string;
  /** It was running before, and has its own Node. */
  isExternal: boolean;
  /** What the emulator itself has written. */
  log(): string;
  stop(): Promise<void>;
}

/** `AWS_ENDPOINT_URL` names an emulator that runs already; `ATP_EMULATOR_BIN` another MiniStack than .venv's. */
export const startEmulator = async (): Promise<Emulator> => {
  const external = process.env.AWS_ENDPOINT_URL;
  if (external !== undefined && external !== '')
    return {
      endpoint: external.replace(/\/$/, ''),
      isExternal: true,
      log: () => '',
      stop: async () => undefined,
    };
  const binary = process.env.ATP_EMULATOR_BIN ?? join(ROOT, '.venv/bin/ministack');
  if (!existsSync(binary)) throw new Error('The AWS emulator is not installed: npm test does that.');
  const scratch = mkdtempSync(join(tmpdir(), 'atp-emulator-'));
  const logFile = join(scratch, 'emulator.log');
  const output = openSync(logFile, 'a');
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  const child = spawn(binary, [], {
    cwd: scratch,
    // Its workers share its process group, and may outlive it.
    detached: true,
    stdio: ['ignore', output, output],
    env: {
      ...inherited,
      ...CREDENTIALS,
      PATH: [nodeWrapper(scratch), dirname(process.execPath), process.env.PATH ?? ''].join(delimiter),
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      PERSIST_STATE: '0',
      // Without it, functions of a custom runtime are not told where it is, and call AWS.
      AWS_ENDPOINT_URL: endpoint,
    },
  });
  const log = (): string => readFileSync(logFile, 'utf8');
  const endAtExit = (): void => signalGroup(child, 'SIGKILL');
  process.once('exit', endAtExit);
  const stop = async (): Promise<void> => {
    process.off('exit', endAtExit);
    await endGroup(child);
    rmSync(scratch, { recursive: true, force: true });
  };
  try {
    await untilAnswering(endpoint, child);
  } catch (cause) {
    const written = log();
    await stop();
    throw new Error(`The AWS emulator did not start:\n${written.slice(-2_000)}`, { cause });
  }
  return { endpoint, isExternal: false, log, stop };
};

const freePort = (): Promise<number> =>
  new Promise((found, failed) => {
    const probe = createServer();
    probe.once('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => found(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

/** A folder whose `node` is the pinned one with the shim; NODE_OPTIONS would be lost to a function's own. */
const nodeWrapper = (directory: string): string => {
  const wrapper = join(directory, 'node');
  writeFileSync(wrapper, `#!/bin/sh\nexec "${process.execPath}" --import "file://${AWSLAMBDA_SHIM}" "$@"\n`);
  chmodSync(wrapper, 0o755);
  return directory;
};

const untilAnswering = async (endpoint: string, child: ChildProcess): Promise<void> => {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    try {
      await fetch(`${endpoint}/_ministack/health`, { signal: AbortSignal.timeout(1_000) });
      return;
    } catch {
      await sleep(100);
    }
  }
  throw new Error('it did not answer in time');
};

const signalGroup = (child: ChildProcess, signal: NodeJS.Signals): void => {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nobody is left in the group.
  }
};

const endGroup = async (child: ChildProcess): Promise<void> => {
  const isRunning = child.exitCode === null && child.signalCode === null;
  const ended = isRunning ? new Promise((done) => child.once('exit', done)) : Promise.resolve();
  signalGroup(child, 'SIGTERM');
  await Promise.race([ended, sleep(STOP_TIMEOUT_MS, undefined, { ref: false })]);
  signalGroup(child, 'SIGKILL');
};
