/** The demo as a newcomer runs it, with few prompts; and against a router that runs already. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, LocalProcess, makeHome } from '../../support/local-process.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
/** The learner may have to be built first. */
const TIMEOUT_MS = 900_000;

const demo = (args: readonly string[]): Promise<{ code: number | null; out: string; err: string }> =>
  new Promise((done) => {
    const child = spawn(process.execPath, [join(ROOT, 'demo/run.ts'), ...args], { cwd: ROOT });
    const told = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      told.out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      told.err += text;
    });
    child.once('close', (code) => done({ code, ...told }));
  });

describe('the demo', () => {
  const home = makeHome();
  const plots = mkdtempSync(join(tmpdir(), 'atp-plots-'));
  const svg = join(plots, 'demo.svg');
  let router: LocalProcess;

  beforeAll(async () => {
    router = await LocalProcess.start(home.data, ['--empty', '--quiet']);
    await eventually(() => router.runtime().processes.learn ?? undefined, TIMEOUT_MS);
  }, TIMEOUT_MS);

  afterAll(async () => {
    await router.stop();
    home.remove();
    rmSync(plots, { recursive: true, force: true });
  });

  it('plays a few prompts on a router of its own, and says what came of them', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const { code, out, err } = await demo([
      '--sample',
      '--fast',
      '--json',
      '--requests',
      '40',
      '--limit',
      '20',
      '--svg',
      svg,
    ]);

    expect(err).toContain('40/40: quality');
    expect(code).toBe(0);
    const result = JSON.parse(out);
    expect(result).toMatchObject({ requests: 40, prompts: 20, svg });
    expect(result.oracle.quality).toBeGreaterThanOrEqual(result.router.quality);
    expect(Object.values<number>(result.shares).reduce((sum, share) => sum + share)).toBeCloseTo(1, 9);
    expect(readFileSync(svg, 'utf8')).toContain('<svg');
  });

  it('leaves a router that runs as it found it, but for what it learnt', async () => {
    const { url, admin_key } = router.first;
    const args = ['--sample', '--url', url, '--key', admin_key, '--fast', '--requests', '12', '--svg', svg];

    const { code, out } = await demo(args);
    const adapters = await router.request('GET', '/admin/adapters', admin_key);
    const observations = await router.request('GET', '/admin/observations?tenant_id=demo', admin_key);

    expect(code).toBe(0);
    expect(out).toContain('12 requests, 12 different prompts');
    expect(out).toContain(`Plot: ${svg}`);
    expect(await adapters.json()).toEqual([]);
    const scores = ((await observations.json()) as { quality_score: number | null }[]).map(
      ({ quality_score }) => quality_score,
    );
    expect(scores).toHaveLength(12);
    expect(scores.every((score) => typeof score === 'number')).toBe(true);
  });

  it('sends nothing to a router with models that may cost money', async () => {
    const { url, admin_key } = router.first;
    await router.request('POST', '/admin/adapters', admin_key, { id: 'mine', cost_per_1k: 1 });

    const { code, out, err } = await demo(['--url', url, '--key', admin_key, '--svg', svg]);
    await router.request('DELETE', '/admin/adapters/mine', admin_key);

    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^The router has a model that is not the demo's \(mine\)/);
  });

  it.each([
    [['--url', 'http://127.0.0.1:9', '--key', 'k'], 'No router answers at http://127.0.0.1:9.\n'],
    [['--requests', 'many'], '--requests must be a whole number from 1 to 100000.\n'],
  ])('ends in one line where it cannot begin: %j', async (args, line) => {
    expect(await demo(args)).toEqual({ code: 1, out: '', err: line });
  });
});
