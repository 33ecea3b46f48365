/** NumPy in an environment of its own under .cache, made on the first run. */
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');

/** The environment's interpreter. Throws where there is no Python 3 or no package index. */
export function pythonWithNumpy(root: string, progress: (text: string) => void): string {
  const directory = join(root, '.cache/bench-selector');
  const python = join(directory, 'bin/python');
  if (existsSync(python) && hasNumpy(python)) return python;
  progress('making a Python environment with NumPy');
  rmSync(directory, { recursive: true, force: true });
  execFileSync('python3', ['-m', 'venv', directory], { stdio: 'inherit' });
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', '-r', REQUIREMENTS], { stdio: 'inherit' });
  return python;
}

const hasNumpy = (python: string): boolean => {
  try {
    execFileSync(python, ['-c', 'import numpy'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
