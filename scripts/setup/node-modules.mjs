/** Installs the locked npm packages when they are missing or the lock file has changed since. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { step } from './terminal.mjs';

const STAMP = 'node_modules/.atp-lock-hash';
const OLDEST_NODE = 20;

export const pinnedNode = (root) => join(root, 'node_modules', '.bin', 'node');

/** Throws SetupError where the packages cannot be installed. */
export const ensureNodeModules = async (root) => {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < OLDEST_NODE)
    throw new Error(`Node ${OLDEST_NODE} or newer is needed; this is ${process.versions.node}.`);
  const hash = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, STAMP);
  if (existsSync(pinnedNode(root)) && existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === hash) return;
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-audit', '--no-fund'];
  // onnxruntime's GPU libraries are hundreds of megabytes that nothing here uses.
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip', ONNXRUNTIME_NODE_INSTALL_CUDA: 'skip' };
  const [command, prefix] =
    npm?.endsWith('.js') || npm?.endsWith('.cjs') ? [process.execPath, [npm]] : ['npm', []];
  await step('Installing the npm packages', command, [...prefix, ...args], { cwd: root, env });
  writeFileSync(stamp, hash);
};
