import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalProcess, makeHome, readRuntime, startScript } from '../../support/local-process.ts';

describe('starting the runtime', () => {
  const home = makeHome();
  let runtime: LocalProcess;

  beforeAll(async () => {
    runtime = await LocalProcess.start(home.data, ['--workers', '2', '--quiet']);
  });

  afterAll(async () => {
    await runtime.stop();
    home.remove();
  });

  it('describes itself in a private file', () => {
    const mode = statSync(join(home.data, 'runtime.json')).mode & 0o777;

    expect(mode).toBe(0o600);
    expect(runtime.first).toMatchObject({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      ws_url: expect.stringMatching(/^ws:\/\/127\.0\.0\.1:\d+\/ws$/),
      version: '0.1.0',
      tenant_id: 'default',
      admin_key: expect.stringMatching(/^atp_local_/),
      tenant_key: expect.stringMatching(/^atp_local_/),
      processes: { select: expect.any(Number), learn: expect.any(Number), dynamodb: expect.any(Number) },
    });
  });

  it('answers with both keys, from as many workers as were asked for', async () => {
    const models = await runtime.request('GET', '/v1/models', runtime.first.tenant_key);
    const adapters = await runtime.request('GET', '/admin/adapters', runtime.first.admin_key);

    expect([models.status, adapters.status, runtime.workers().length]).toEqual([200, 200, 2]);
    expect(((await adapters.json()) as unknown[]).length).toBeGreaterThanOrEqual(4);
  });

  it('refuses a second start on the same data in one line', async () => {
    const { ended } = startScript(['--port', '0', '--data', home.data]);

    const { code, stderr } = await ended;

    expect(code).toBe(1);
    expect(stderr).toMatch(/^A runtime is running on .* already \(process \d+\)\.\n$/);
    expect(readRuntime(home.data)?.pid).toBe(runtime.first.pid);
  });

  it('refuses a taken port in one line', async () => {
    const other = makeHome();
    const port = new URL(runtime.first.url).port;

    const { code, stderr } = await startScript(['--port', port, '--data', other.data]).ended;

    expect(code).toBe(1);
    expect(stderr).toMatch(/^127\.0\.0\.1:\d+ is in use; .*\n$/);
    other.remove();
  });

  it('leaves a directory with other things in it alone', async () => {
    const other = makeHome();
    mkdirSync(other.data);
    writeFileSync(join(other.data, 'thesis.txt'), 'mine');

    const { code, stderr } = await startScript(['--port', '0', '--data', other.data, '--fresh']).ended;

    expect([code, stderr]).toEqual([1, expect.stringContaining('is no data directory of this program')]);
    expect(readFileSync(join(other.data, 'thesis.txt'), 'utf8')).toBe('mine');
    other.remove();
  });

  it('keeps its logs as JSON lines', () => {
    const lines = readFileSync(join(home.data, 'logs', 'dynamodb.jsonl'), 'utf8')
      .trim()
      .split('\n');

    expect(lines.map((line) => typeof JSON.parse(line))).toEqual(lines.map(() => 'object'));
  });
});

describe('the command line', () => {
  it('explains itself', async () => {
    const { code, stdout } = await startScript(['--help']).ended;

    expect([code, stdout]).toEqual([0, expect.stringContaining('--workers <n>')]);
  });

  it.each([['--port', '70000'], ['--workers', '0'], ['--colour']])(
    'refuses %s %s with exit code 2',
    async (...args) => {
      const { code, stderr } = await startScript(args).ended;

      expect([code, stderr.trim().split('\n').length]).toEqual([2, 1]);
    },
  );
});
