/** Runs a block as a reader would: in the repository's root, with the runtime's address and keys as variables. */
import { spawn } from 'node:child_process';
import type { Block } from './blocks.ts';

export interface Run {
  readonly code: number | null;
  readonly output: string;
}

/** Every command counts, and a reply that is an error is one. */
const PRELUDE = `set -euo pipefail
curl() { command curl --fail-with-body --max-time 40 "$@"; }
`;

export const runBlock = (
  { code }: Pick<Block, 'code'>,
  options: { cwd: string; env: Record<string, string>; withinMs: number },
): Promise<Run> =>
  new Promise((resolve) => {
    let output = '';
    const child = spawn('bash', ['-c', PRELUDE + code], {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that what it started ends with it.
      detached: true,
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    const timer = setTimeout(() => {
      output += `\nnot done within ${options.withinMs} ms`;
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, options.withinMs);
    child.once('close', (exit) => {
      clearTimeout(timer);
      resolve({ code: exit, output });
    });
  });
