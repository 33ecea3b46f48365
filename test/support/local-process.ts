/** The local runtime as a process that may be killed, with what is needed to look at it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RuntimeDescription } from '../../local/supervisor/runtime-file.ts';
import { logsWithSecrets } from './log-secrets.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const READY_WITHIN_MS = 120_000;

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export const startScript = (
  args: readonly string[],
  env: Record<string, string> = {},
): { child: ChildProcess; ended: Promise<Ended> } => {
  const child = spawn(process.execPath, [join(ROOT, 'scripts', 'start.mjs'), ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ATP_STORE_BUILD: 'off', ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((done) => {
    child.once('close', (code) => done({ code, stdout, stderr }));
  });
  return { child, ended };
};

/** Polls until `look` answers something. Throws where a look that began after `withinMs` still sees nothing. */
export const eventually = async <Seen>(
  look: () => Promise<Seen | undefined> | Seen | undefined,
  withinMs = 60_000,
): Promise<Seen> => {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const isLast = performance.now() > deadline;
    const seen = await look();
    if (seen !== undefined) return seen;
    if (isLast) throw new Error(`not seen within ${withinMs} ms: ${look}`);
    await sleep(30);
  }
};

export const isAlive = (pid: number): boolean => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
};

const parentOf = (pid: string): number => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
};

export const childrenOf = (pid: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
    .map(Number);

export const commandOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
};

export class LocalProcess {
  readonly data: string;
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** As it was when it became ready. */
  readonly first: RuntimeDescription;

  private constructor(data: string, child: ChildProcess, ended: Promise<Ended>, first: RuntimeDescription) {
    this.data = data;
    this.child = child;
    this.ended = ended;
    this.first = first;
  }

  /** Resolves when it is ready. */
  static async start(
    data: string,
    args: readonly string[] = [],
    env: Record<string, string> = {},
  ): Promise<LocalProcess> {
    const before = readRuntime(data)?.pid;
    const { child, ended } = startScript(['--port', '0', '--data', data, ...args], env);
    const failed = ended.then((end) => {
      throw new Error(`the runtime ended with ${end.code}: ${end.stderr}`);
    });
    failed.catch(() => undefined);
    const ready = eventually(() => {
      const runtime = readRuntime(data);
      return runtime === undefined || runtime.pid === before ? undefined : runtime;
    }, READY_WITHIN_MS);
    return new LocalProcess(data, child, ended, await Promise.race([ready, failed]));
  }

  runtime(): RuntimeDescription {
    const runtime = readRuntime(this.data);
    if (runtime === undefined) throw new Error('there is no runtime.json');
    return runtime;
  }

  workers(): number[] {
    return childrenOf(this.first.pid).filter((pid) => commandOf(pid).includes('gateway/worker.ts'));
  }

  request(method: string, path: string, key: string | undefined, body?: unknown): Promise<Response> {
    return fetch(this.first.url + path, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  ask(fields: Record<string, unknown> = {}): Promise<Response> {
    return this.request('POST', '/v1/ask', this.first.tenant_key, {
      prompt: 'Why is the sky blue?',
      ...fields,
    });
  }

  /** Throws where a log of it holds a secret. */
  async stop(): Promise<Ended> {
    this.child.kill('SIGTERM');
    const ended = await this.ended;
    const found = logsWithSecrets(this.data);
    if (found.length > 0) throw new Error(`there are secrets in ${found.join(', ')}`);
    return ended;
  }
}

export const readRuntime = (data: string): RuntimeDescription | undefined => {
  const path = join(data, 'runtime.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as RuntimeDescription) : undefined;
};

export const makeHome = (): { data: string; remove(): void } => {
  const home = mkdtempSync(join(tmpdir(), 'atp-process-'));
  return { data: join(home, 'data'), remove: () => rmSync(home, { recursive: true, force: true }) };
};
