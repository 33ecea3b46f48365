/** The bundles as they are uploaded: what they weigh, what they load, and that they start in a host like Lambda's. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleRuntime } from '../../../bench/cold/bundle-runtime.ts';
import { httpEvent, httpReply } from '../../../bench/cold/events.ts';
import { Sandbox, type SandboxSpec } from '../../../bench/cold/sandbox.ts';
import { functionEnvironment } from '../../../local/environment.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const NAMES = ['admin', 'completions', 'feedback', 'mcp', 'probe-adapters', 'replay', 'series', 'status'];
const MOST_BYTES = 1_200_000;
/** Nobody answers there: the calls below need no service. */
const NOWHERE = { aws: 'http://127.0.0.1:1', dynamodb: 'http://127.0.0.1:1' };

let scratch = '';
let runtime = '';

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'atp-bundles-'));
  execFileSync(process.execPath, [join(ROOT, 'scripts/bundle.mjs'), '--out', scratch], { stdio: 'pipe' });
  runtime = await bundleRuntime(scratch);
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const codeOf = (name: string): string[] =>
  readdirSync(join(scratch, 'functions', name))
    .filter((file) => file.endsWith('.mjs'))
    .map((file) => join(scratch, 'functions', name, file));

const spec = (name: string, directory: string): SandboxSpec => ({
  name,
  command: process.execPath,
  args: [runtime],
  reportsLoad: true,
  env: {
    ...functionEnvironment(NOWHERE, '0.1.0'),
    POWERTOOLS_TRACE_ENABLED: 'true',
    LAMBDA_TASK_ROOT: directory,
  },
});

const start = async (name: string, directory: string, event: Buffer) => {
  const { sandbox, reply, phases } = await Sandbox.start(spec(name, directory), event);
  await sandbox.stop();
  return { reply, phases };
};

const ownFunction = (name: string, code: string): string => {
  const directory = join(scratch, 'own', name);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'index.mjs'), code);
  return directory;
};

describe('bundles', () => {
  it.each(NAMES)('%s is small enough', (name) => {
    const bytes = codeOf(name).reduce((sum, file) => sum + statSync(file).size, 0);

    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
  });

  it.each(NAMES)("%s imports none of Node's own modules: Node would read all of their exports", (name) => {
    const meta = JSON.parse(readFileSync(join(scratch, 'functions', name, 'meta.json'), 'utf8')) as {
      outputs: Record<string, { imports: { path: string }[] }>;
    };
    const imported = Object.values(meta.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));

    expect(imported.filter((path) => isBuiltin(path))).toEqual([]);
  });

  it('status starts and answers, buffered', async () => {
    const event = httpEvent({ method: 'GET', path: '/healthz' });
    const { reply, phases } = await start('status', join(scratch, 'functions/status'), event);

    expect(httpReply(reply)).toMatchObject({ status: 200, body: '{"status":"ok"}' });
    expect(phases.start + phases.load + phases.request).toBeCloseTo(phases.total, 6);
    expect(Math.min(phases.start, phases.load, phases.request)).toBeGreaterThan(0);
  });

  it('completions starts and answers, streamed', async () => {
    const event = httpEvent({ method: 'POST', path: '/v1/ask', body: { prompt: 'p' } });
    const { reply } = await start('completions', join(scratch, 'functions/completions'), event);

    expect(httpReply(reply)).toMatchObject({
      status: 401,
      headers: { 'content-type': 'application/problem+json' },
    });
  });
});

describe("the host's failures", () => {
  it('reports a handler that throws', async () => {
    const directory = ownFunction(
      'throws',
      'export const handler = async () => { throw new Error("broken"); };',
    );

    await expect(start('throws', directory, Buffer.from('{}'))).rejects.toThrow('broken');
  });

  it('reports a module that does not load', async () => {
    const directory = ownFunction('ends', 'throw new Error("no start");');

    await expect(start('ends', directory, Buffer.from('{}'))).rejects.toThrow('no start');
  });
});
