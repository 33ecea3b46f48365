/** Cargo beside a running gateway: its words in a log of their own, its end as an outcome. */
import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { copyLines } from '../processes/json-lines.ts';
import type { LogDirectory } from '../processes/log-directory.ts';

export type CargoOutcome = 'built' | 'no_cargo' | 'failed';

export interface CargoRun {
  /** Missing where cargo could not be started. */
  pid: number | undefined;
  finished: Promise<CargoOutcome>;
  stop(): void;
}

export interface CargoOptions {
  args: readonly string[];
  /** This process's own where there is none. */
  env?: NodeJS.ProcessEnv;
  cwd: string;
  /** Of the log. */
  name: string;
  logs: LogDirectory;
  /** Whatever else runs goes first. */
  yielding?: boolean;
  /** Its path, where it is another than the one that is found. */
  cargo?: string | undefined;
}

const letOthersFirst = (pid: number): void => {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It ended at once, or the system allows no such thing.
  }
};

export const startCargo = ({
  args,
  env = process.env,
  cwd,
  name,
  logs,
  yielding = false,
  cargo = 'cargo',
}: CargoOptions): CargoRun => {
  const child = spawn(cargo, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  if (yielding && child.pid !== undefined) letOthersFirst(child.pid);
  copyLines(child.stderr, logs.open(name), name);
  const finished = new Promise<CargoOutcome>((resolve) => {
    child.on('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'ENOENT' ? 'no_cargo' : 'failed'),
    );
    child.on('exit', (code) => resolve(code === 0 ? 'built' : 'failed'));
  });
  const stop = (): void => {
    if (child.pid === undefined || child.exitCode !== null) return;
    try {
      process.kill(-child.pid, 'SIGTERM');
    } catch {
      // It ended in between.
    }
  };
  return { pid: child.pid, finished, stop };
};
