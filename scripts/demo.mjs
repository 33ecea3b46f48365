/** `npm run demo`: sets up what is missing, then plays the demo on the pinned Node. */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureNodeModules, pinnedNode } from './setup/node-modules.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

try {
  await ensureNodeModules(root);
  const child = spawn(pinnedNode(root), [join(root, 'demo', 'run.ts'), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  // A terminal's Ctrl-C reaches the demo by itself; it ends what it started.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
} catch (error) {
  process.stderr.write(`The set-up failed: ${error.message}\n`);
  process.exitCode = 1;
}
