/**
 * Compiles what the Rust checks need beside steps that wait for much of their time, and gives way to them. It judges
 * nothing: the checks run cargo again, which then finds most of its work done.
 */
import { spawn } from 'node:child_process';

const compile = (args, cwd) =>
  new Promise((resolve) => {
    const child = spawn('nice', ['-n', '19', 'cargo', ...args], { cwd, stdio: 'ignore' });
    child.on('error', resolve);
    child.on('close', resolve);
  });

/** `commands`: cargo's arguments of each, run one after the other in `cwd`. Ends with the last, whatever came of it. */
export const compileBeside = async (commands, cwd) => {
  for (const args of commands) await compile(args, cwd);
};
