/** Starts and ends the processes of a benchmark, and reads what CPU time they used. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

const TICKS_PER_SECOND = 100;

export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
};

export interface Started {
  child: ChildProcess;
  stop(): Promise<void>;
}

export const start = (command: string, args: string[], env: NodeJS.ProcessEnv = {}): Started => {
  const child = spawn(command, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    // No runtime is to build its store beside a measurement.
    env: { ...process.env, ATP_STORE_BUILD: 'off', ...env },
  });
  return {
    child,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
      await once(child, 'exit');
      clearTimeout(timer);
    },
  };
};

export const until = async (
  what: string,
  check: () => Promise<boolean> | boolean,
  timeoutMs: number,
): Promise<void> => {
  const end = performance.now() + timeoutMs;
  while (performance.now() < end) {
    if (await Promise.resolve(check()).catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what}: not within ${timeoutMs} ms`);
};

/** CPU milliseconds a process has used; Linux only, NaN elsewhere. */
export const cpuMs = (pid: number): number => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS_PER_SECOND;
  } catch {
    return Number.NaN;
  }
};

/** Pids of a process and all its descendants with their command lines; Linux only. */
export const familyOf = (root: number): Map<number, string> => {
  const family = new Map<number, string>();
  const visit = (pid: number): void => {
    try {
      family.set(pid, readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim());
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
      for (const child of children.split(' ').filter(Boolean)) visit(Number(child));
    } catch {
      // It ended while we looked.
    }
  };
  visit(root);
  return family;
};
