#!/usr/bin/env node
/** `npx atp`: runs cli/main.ts on a Node that reads TypeScript, the pinned one where this one is too old. Builtins only. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const main = join(root, 'cli', 'main.ts');
const pinned = join(root, 'node_modules', '.bin', 'node');
const cache = join(root, '.cache', 'node');
const NEEDED = 24;

if (!existsSync(join(root, 'node_modules', 'commander'))) {
  process.stderr.write('atp: the packages are not installed; run `npm ci` first.\n');
  process.exitCode = 2;
} else if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
  module.enableCompileCache(cache);
  await import(main);
} else {
  const env = { NODE_COMPILE_CACHE: cache, ...process.env };
  const child = spawn(pinned, [main, ...process.argv.slice(2)], { stdio: 'inherit', env });
  // A terminal tells both of us; what only we are told goes on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`atp: Node ${NEEDED} could not be started: ${error.message}\n`);
    process.exitCode = 2;
  });
  child.on('close', (code, signal) => {
    process.exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
  });
}
