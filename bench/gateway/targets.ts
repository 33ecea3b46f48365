/** What is measured: the upstream itself, this gateway (store on disk and in memory), and its peers. */

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { LoadTarget } from '../support/load.ts';
import { freePort, type Started, start, until } from '../support/processes.ts';

export interface Target extends LoadTarget {
  name: string;
  pid: number;
  stop(): Promise<void>;
}

export const ROOT = resolve(import.meta.dirname, '../..');
const PROMPT = 'Say in one sentence why the sky is blue.';

export const chatBody = JSON.stringify({ model: 'bench', messages: [{ role: 'user', content: PROMPT }] });

/** Whatever it answers. */
export const answers = async (port: number): Promise<boolean> => {
  await fetch(`http://127.0.0.1:${port}/healthz`);
  return true;
};

/** The same target, asked for a stream in OpenAI's form, which all of them speak. */
export const streaming = (target: Target): Target => ({
  ...target,
  path: '/v1/chat/completions',
  body: JSON.stringify({
    model: target.name.startsWith('atp') ? 'auto' : 'bench',
    messages: [{ role: 'user', content: PROMPT }],
    stream: true,
  }),
});

export const startUpstream = async (
  stream: { gapMs: number; tokens: number } = { gapMs: 20, tokens: 20 },
): Promise<Started & { port: number }> => {
  const port = await freePort();
  const started = start(process.execPath, [
    join(ROOT, 'bench/gateway/upstream.ts'),
    ...[port, stream.gapMs, stream.tokens].map(String),
  ]);
  await until('upstream', () => answers(port), 10_000);
  return { ...started, port };
};

export const directTarget = (port: number): Target => ({
  name: 'direct',
  port,
  path: '/v1/chat/completions',
  headers: {},
  body: chatBody,
  pid: 0,
  stop: async () => undefined,
});

interface Runtime {
  url: string;
  pid: number;
  admin_key: string;
  tenant_key: string;
  processes: { select: number | null };
}

/** Keys, limits, redaction, selection by Rust and one durable observation for each ask are all on. */
export const atpTarget = async (
  name: string,
  upstreamPort: number,
  options: { args?: string[]; env?: NodeJS.ProcessEnv; root?: string } = {},
): Promise<Target> => {
  const data = mkdtempSync(join(tmpdir(), 'atp-bench-'));
  const started = start(
    process.execPath,
    [
      join(options.root ?? ROOT, 'scripts/start.mjs'),
      '--port',
      '0',
      '--data',
      data,
      '--empty',
      '--quiet',
      ...(options.args ?? []),
    ],
    options.env,
  );
  const file = join(data, 'runtime.json');
  const read = (): Runtime => JSON.parse(readFileSync(file, 'utf8')) as Runtime;
  await until('the local runtime', () => existsSync(file), 300_000);
  await until('the Rust selector', () => read().processes.select !== null, 300_000);
  const runtime = read();
  await configure(runtime, upstreamPort);
  return {
    name,
    port: Number(new URL(runtime.url).port),
    path: '/v1/ask',
    headers: { authorization: `Bearer ${runtime.tenant_key}` },
    body: JSON.stringify({ prompt: PROMPT }),
    pid: runtime.pid,
    stop: async () => {
      await started.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
};

const configure = async (runtime: Runtime, upstreamPort: number): Promise<void> => {
  const send = async (method: string, path: string, body: unknown): Promise<void> => {
    const response = await fetch(`${runtime.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${runtime.admin_key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  };
  const post = (path: string, body: unknown): Promise<void> => send('POST', path, body);
  // One prompt again and again would be read by the model once, and show nothing of its cost: `bench:pii` does.
  await send('PUT', '/admin/flags', { pii: { detector: 'rules' } });
  for (const [id, cost] of [
    ['bench-a', 0.002],
    ['bench-b', 0.004],
    ['bench-c', 0.008],
  ] as const) {
    await post('/admin/adapters', {
      id,
      provider: 'openai-compatible',
      model: 'bench',
      cost_per_1k: cost,
      base_url: `http://127.0.0.1:${upstreamPort}/v1`,
      api_key: 'bench-key',
    });
  }
  await post('/admin/quotas', {
    tenant_id: 'default',
    rate_limit: { rps: 100_000, rpm: 5_000_000, rph: 100_000_000 },
  });
};
