/** `atp` as a process of its own, by default against the runtime whose data are in the directory that it runs in. */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { expect } from 'vitest';

export const BINARY = resolve(import.meta.dirname, '../../bin/atp.mjs');

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

export const commandsIn = (data: string) => {
  const run = (args: readonly string[], env: Record<string, string> = {}, input = ''): Promise<Ended> =>
    new Promise((resolved) => {
      const child = execFile(
        process.execPath,
        [BINARY, ...args],
        { cwd: data, env: { PATH: process.env.PATH ?? '', ...env } },
        (error, stdout, stderr) =>
          resolved({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
      );
      child.stdin?.end(input);
    });
  const shell = (command: string): Promise<Ended> =>
    new Promise((resolved) => {
      execFile('sh', ['-c', command], { cwd: data }, (error, stdout, stderr) =>
        resolved({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
      );
    });
  const atp = (...args: string[]): Promise<Ended> => run(['--data', data, ...args]);
  /** What a command that succeeds prints for scripts. */
  const json = async (...args: string[]): Promise<unknown> => {
    const { code, stdout, stderr } = await atp(...args, '--json');
    expect(code, stderr).toBe(0);
    expect(stdout.trimEnd()).not.toContain('\n');
    return JSON.parse(stdout);
  };
  return { run, shell, atp, json };
};
