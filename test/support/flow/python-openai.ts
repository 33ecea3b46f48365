/** OpenAI's Python client, one process for each use. */
import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Setting } from './setting.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const SCRIPT = join(ROOT, 'test/support/python/openai_client.py');

export type PythonCase = (name: string, given?: object) => Promise<unknown>;

/** `ATP_PYTHON` names another interpreter than .venv's. */
export const pythonClient = (setting: Setting, key: string): PythonCase => {
  const python = process.env.ATP_PYTHON ?? join(ROOT, '.venv/bin/python');
  const env = {
    PATH: process.env.PATH ?? '',
    OPENAI_API_KEY: key,
    OPENAI_BASE_URL: `${setting.target.url}/v1`,
  };
  return async (name, given = {}) => {
    const args = [SCRIPT, name, JSON.stringify(given)];
    const { stdout } = await promisify(execFile)(python, args, { env });
    return JSON.parse(stdout) as unknown;
  };
};
