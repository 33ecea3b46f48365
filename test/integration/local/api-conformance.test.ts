/**
 * schemathesis reads the description that the runtime serves, and asks it whatever that allows, and what it does not: every
 * check that it knows, the same each time. test/support/schemathesis.toml says how, and what no schema can say.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SECRETS_PREFIX } from '../../../local/environment.ts';
import { LocalProcess, makeHome } from '../../support/local-process.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const CONFIG = join(ROOT, 'test/support/schemathesis.toml');
const PYTHON = process.env.ATP_PYTHON ?? join(ROOT, '.venv/bin/python');
const SEED = '7';

const home = makeHome();
/** The bootstrap key: the one key that no request can revoke. */
const secret = randomBytes(32).toString('hex');
let runtime: LocalProcess;

beforeAll(async () => {
  mkdirSync(home.data, { mode: 0o700 });
  writeFileSync(join(home.data, 'atp-data.json'), JSON.stringify({ format: 1 }), { mode: 0o600 });
  const secrets = JSON.stringify({ [`${SECRETS_PREFIX}/admin-key`]: secret });
  writeFileSync(join(home.data, 'secrets.json'), secrets, { mode: 0o600 });
  runtime = await LocalProcess.start(home.data);
});

afterAll(async () => {
  await runtime.stop();
  home.remove();
});

interface Found {
  code: number;
  output: string;
}

const ask = (...args: string[]): Promise<Found> => {
  const { url } = runtime.first;
  const options = ['--checks', 'all', '--seed', SEED, '--generation-deterministic', '--continue-on-failure'];
  const where = [`${url}/openapi.json`, '--url', url, '--no-color'];
  const command = ['-m', 'schemathesis.cli', '--config-file', CONFIG, 'run', ...where, ...options, ...args];
  const env = { PATH: process.env.PATH ?? '', ATP_API_KEY: `atp_local_admin_${secret}`, HOME: home.data };
  return new Promise((resolved) => {
    execFile(PYTHON, command, { env, cwd: home.data, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) =>
      resolved({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr }),
    );
  });
};

/** How many operations of how many. */
const tested = (output: string): [number, number] => {
  const [, selected = 0, all = 0] = /Selected: (\d+)\/(\d+)/.exec(output) ?? [];
  return [Number(selected), Number(all)];
};

describe('the API is what its description says', () => {
  it('for every operation, in every phase', { timeout: 1_200_000 }, async () => {
    // While the stage drains, every ask is refused; a stream has no end that could be waited for.
    const { code, output } = await ask('-n', '5', '--exclude-path-regex', '^/admin/(drain|stream)$');
    const [selected, all] = tested(output);

    expect(code, output).toBe(0);
    expect(selected).toBeGreaterThan(30);
    expect(all - selected).toBe(3);
  });

  it('for the drain too', { timeout: 1_200_000 }, async () => {
    const { code, output } = await ask(
      '-n',
      '5',
      '--phases',
      'coverage,fuzzing',
      '--include-path',
      '/admin/drain',
    );

    expect(code, output).toBe(0);
    expect(tested(output)[0]).toBe(2);
  });
});
