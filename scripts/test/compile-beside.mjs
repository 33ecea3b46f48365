/**
 * Compiles what the Rust checks need beside steps that wait for much of their time, and gives way to them. It judges
 * nothing: the checks run cargo again, which then finds most of its work done.
 */
import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';

const giveWay = (pid) => {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It ended at once, or the system allows no such thing.
  }
};

const compile = (args, cwd) =>
  new Promise((resolve) => {
    const child = spawn('cargo', args, { cwd, stdio: 'ignore' });
    if (child.pid !== undefined) giveWay(child.pid);
    child.on('error', resolve);
    child.on('close', resolve);
  });

/** `commands`: cargo's arguments of each, run one after the other in `cwd`. Ends with the last, whatever came of it. */
export const compileBeside = async (commands, cwd) => {
  for (const args of commands) await compile(args, cwd);
};
