/** The local runtime as a newcomer starts it, on a data directory of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { until } from './poll.ts';
import type { Target } from './target.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const READY_WITHIN_MS = 120_000;
const RUST_WITHIN_MS = 300_000;
const STOPPED_WITHIN_MS = 35_000;

export interface RuntimeFile {
  url: string;
  ws_url: string;
  pid: number;
  version: string;
  admin_key: string;
  tenant_id: string;
  tenant_key: string;
  processes: { select: number | null; learn: number | null; dynamodb: number | null };
}

export interface LocalTarget extends Target {
  data: string;
  tenantKey: string;
  /** As it stands now. Throws when it is not there. */
  runtime(): RuntimeFile;
  /** Resolves when the Rust selector decides; it is built where need be. */
  rustDecides(): Promise<void>;
}

const everyFile = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** Files that vanish between listing and reading held nothing that stays. */
const readFile = (path: string): string => {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
};

const ended = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

const stopProcess = async (child: ChildProcess): Promise<void> => {
  if (ended(child)) return;
  const gone = new Promise<void>((resolved) => {
    child.once('exit', () => resolved());
  });
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOPPED_WITHIN_MS);
  await gone;
  clearTimeout(timer);
};

export const openLocalTarget = async (
  args: readonly string[] = ['--empty'],
  variables: Readonly<Record<string, string>> = {},
): Promise<LocalTarget> => {
  const home = mkdtempSync(join(tmpdir(), 'atp-flow-'));
  const data = join(home, 'data');
  const script = join(ROOT, 'scripts', 'start.mjs');
  const child = spawn(process.execPath, [script, '--port', '0', '--data', data, '--quiet', ...args], {
    cwd: ROOT,
    env: { ...process.env, ATP_STORE_BUILD: 'off', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const stop = async (): Promise<void> => {
    await stopProcess(child);
    rmSync(home, { recursive: true, force: true });
  };
  const runtime = (): RuntimeFile =>
    JSON.parse(readFileSync(join(data, 'runtime.json'), 'utf8')) as RuntimeFile;
  try {
    const first = await until('the runtime is ready', READY_WITHIN_MS, () => {
      if (ended(child)) throw new Error(`the runtime ended: ${output}`);
      return existing(runtime);
    });
    return {
      url: first.url,
      adminKey: first.admin_key,
      tenantKey: first.tenant_key,
      data,
      runtime,
      rustDecides: async () => {
        await until('the Rust selector runs', RUST_WITHIN_MS, () => runtime().processes.select ?? undefined);
      },
      streams: true,
      readEverythingStored: async () => everyFile(data).map(readFile).join('\n') + output,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};

const existing = (runtime: () => RuntimeFile): RuntimeFile | undefined => {
  try {
    return runtime();
  } catch {
    return undefined;
  }
};
