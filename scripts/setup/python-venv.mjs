/** A Python environment for the AWS emulator that the integration tests deploy into. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { step } from './terminal.mjs';

const REQUIREMENTS = 'test/support/requirements.txt';

/** Throws SetupError where there is no Python 3.10+ or the packages cannot be installed. */
export const ensurePythonVenv = async (root) => {
  const venv = join(root, '.venv');
  const python = join(venv, 'bin', 'python');
  const stamp = join(venv, 'atp-requirements-hash');
  const hash = createHash('sha256')
    .update(readFileSync(join(root, REQUIREMENTS)))
    .digest('hex');
  if (existsSync(python) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  rmSync(venv, { recursive: true, force: true });
  await step('Making the Python environment', process.env.PYTHON ?? 'python3', ['-m', 'venv', venv], {
    cwd: root,
  });
  const install = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-deps', '--require-hashes'];
  await step('Installing the AWS emulator and a client', python, [...install, '-r', REQUIREMENTS], {
    cwd: root,
  });
  writeFileSync(stamp, hash);
};
