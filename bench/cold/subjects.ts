/** The functions that are measured, each with an invocation that does real work and a check that it did. */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LEARN_FUNCTION, rustEnvironment, SELECT_FUNCTION } from '../../local/environment.ts';
import { calledByAws } from './called-by-aws.ts';
import { type HttpCall, httpEvent, httpReply, webSocketEvent } from './events.ts';
import type { Ground } from './ground.ts';
import { Sandbox, type SandboxSpec } from './sandbox.ts';

export interface Subject {
  name: string;
  kind: 'node' | 'rust';
  /** What it needs beside what all of them do. */
  env?: Record<string, string>;
  event(): Promise<Buffer> | Buffer;
  /** Throws where the reply is not that of a success. */
  check(reply: Buffer): void;
}

export interface Builds {
  /** Holds `functions/<name>/index.mjs`. */
  dist: string;
  /** Holds `select` and `learn`. */
  rust: string;
  /** The bundled managed runtime. */
  runtime: string;
}

export const BASELINE = 'empty (Node)';
const CONNECTION = 'bench';
const PROMPT = 'Say in one sentence why the sky is blue.';
const MODELS = ['bench-a', 'bench-b', 'bench-c'];

const expect = (isTrue: boolean, reply: Buffer): void => {
  if (!isTrue) throw new Error(`an unexpected reply: ${reply.toString('utf8').slice(0, 2_000)}`);
};

const http = (name: string, call: () => Promise<HttpCall> | HttpCall): Subject => ({
  name,
  kind: 'node',
  event: async () => httpEvent(await call()),
  check: (reply) => expect(httpReply(reply).status === 200, reply),
});

/** Where a function's bundle is, or undefined where that build has none. */
export const bundleOf = (dist: string, name: string): string | undefined => {
  const directory = join(dist, 'functions', name);
  return existsSync(join(directory, 'index.mjs')) ? directory : undefined;
};

export const nodeSpec = (
  name: string,
  ground: Ground,
  runtime: string,
  directory: string,
  compileCache?: string,
  env: Record<string, string> = {},
): SandboxSpec => ({
  name,
  command: process.execPath,
  args: [runtime],
  reportsLoad: true,
  env: {
    ...ground.environment,
    ...env,
    LAMBDA_TASK_ROOT: directory,
    ...(compileCache === undefined ? {} : { NODE_COMPILE_CACHE: compileCache }),
  },
});

export const rustSpec = (name: string, ground: Ground, directory: string): SandboxSpec => ({
  name,
  command: join(directory, name),
  args: [],
  reportsLoad: false,
  env: rustEnvironment(ground.endpoints),
});

/** A function that does nothing: what Node and its host cost by themselves. */
export const writeBaseline = (scratch: string): string => {
  const directory = join(scratch, 'functions', BASELINE);
  mkdirSync(directory, { recursive: true });
  writeFileSync(
    join(directory, 'index.mjs'),
    "export const handler = async () => ({ statusCode: 200, body: '{}' });\n",
  );
  return directory;
};

/** Registers models and a caller's key, and keeps one `select`, `completions`, `feedback` and `ws-message` running. */
export const makeSubjects = async (
  ground: Ground,
  { dist, rust, runtime }: Builds,
): Promise<{ subjects: Subject[]; stop(): Promise<void> }> => {
  const bundle = (name: string): string => {
    const directory = bundleOf(dist, name);
    if (directory === undefined) throw new Error(`${name} is not bundled in ${dist}: npm run bundle`);
    return directory;
  };
  const { sandbox: select } = await Sandbox.start(rustSpec(SELECT_FUNCTION, ground, rust), batch());
  ground.serveSelect(select.lambda);
  const tenantKey = await register(ground, nodeSpec('admin', ground, runtime, bundle('admin')));
  const ask: HttpCall = { method: 'POST', path: '/v1/ask', key: tenantKey, body: { prompt: PROMPT } };
  const { sandbox: completions } = await Sandbox.start(
    nodeSpec('completions', ground, runtime, bundle('completions')),
    httpEvent(ask),
  );
  const score = async (): Promise<HttpCall> => {
    const { request_id } = JSON.parse(httpReply(await completions.invoke(httpEvent(ask))).body) as {
      request_id: string;
    };
    return {
      method: 'POST',
      path: '/v1/observe',
      key: tenantKey,
      body: { request_id, quality_score: 0.8 },
    };
  };
  const { sandbox: feedback } = await Sandbox.start(
    nodeSpec('feedback', ground, runtime, bundle('feedback')),
    httpEvent(await score()),
  );
  const connected = webSocketEvent(CONNECTION, { key: tenantKey });
  const { sandbox: gate } = await Sandbox.start(
    nodeSpec('ws-gate', ground, runtime, bundle('ws-gate')),
    connected,
  );
  await gate.stop();
  const askFrame = webSocketEvent(CONNECTION, { body: JSON.stringify({ type: 'ask', prompt: PROMPT }) });
  const { sandbox: messages } = await Sandbox.start(
    nodeSpec('ws-message', ground, runtime, bundle('ws-message')),
    askFrame,
  );
  const nextAsk = async (): Promise<string> => {
    await messages.invoke(askFrame);
    return ground.takeAsk();
  };
  const subjects: Subject[] = [
    { name: BASELINE, kind: 'node', event: () => Buffer.from('{}'), check: () => undefined },
    {
      ...http('completions', () => ask),
      check: (reply) => {
        const { status, headers } = httpReply(reply);
        expect(status === 200 && headers['x-atp-selector'] === 'rust', reply);
      },
    },
    http('feedback', score),
    http('admin', () => ({ method: 'GET', path: '/admin/adapters', key: ground.adminKey })),
    http('series', () => ({ method: 'GET', path: '/admin/series', key: ground.adminKey })),
    http('mcp', () => ({
      method: 'POST',
      path: '/mcp',
      key: tenantKey,
      body: { jsonrpc: '2.0', id: 1, method: 'tools/list' },
    })),
    {
      ...http('ws-gate', () => ask),
      event: () => webSocketEvent(randomUUID(), { key: tenantKey }),
    },
    {
      ...http('ws-message', () => ask),
      event: () => webSocketEvent(CONNECTION, { body: '{"type":"ping"}' }),
    },
    http('status', () => ({ method: 'GET', path: '/readyz' })),
    ...calledByAws(ground, nextAsk),
    {
      name: SELECT_FUNCTION,
      kind: 'rust',
      event: batch,
      check: (reply) => expect(reply.includes('"state":"fresh"'), reply),
    },
    {
      name: LEARN_FUNCTION,
      kind: 'rust',
      event: async () => {
        await feedback.invoke(httpEvent(await score()));
        return Buffer.from(JSON.stringify({ source: 'poll', policies: ['default'] }));
      },
      check: (reply) => expect(/"learnt":[1-9]/.test(reply.toString('utf8')), reply),
    },
  ];
  return {
    subjects,
    stop: async () => {
      await messages.stop();
      await feedback.stop();
      await completions.stop();
      await select.stop();
    },
  };
};

/** Answers the caller's key. */
const register = async (ground: Ground, spec: SandboxSpec): Promise<string> => {
  const operator = (path: string, body: unknown): Buffer =>
    httpEvent({ method: 'POST', path, key: ground.adminKey, body });
  const keyEvent = operator('/admin/keys', { tenant_id: 'default', roles: ['caller'], name: 'bench' });
  const { sandbox, reply } = await Sandbox.start(spec, keyEvent);
  try {
    for (const [index, id] of MODELS.entries()) {
      const stored = await sandbox.invoke(
        operator('/admin/adapters', {
          id,
          provider: 'openai-compatible',
          model: 'bench',
          cost_per_1k: 0.002 * (index + 1),
          base_url: ground.modelUrl,
          api_key: 'bench-key',
        }),
      );
      expect(httpReply(stored).status === 200, stored);
    }
    expect(httpReply(reply).status === 201, reply);
    return (JSON.parse(httpReply(reply).body) as { key: string }).key;
  } finally {
    await sandbox.stop();
  }
};

const batch = (): Buffer =>
  Buffer.from(
    JSON.stringify({
      contract: 1,
      requests: [
        {
          id: 'r1',
          policy: 'default',
          strategy: 'thompson',
          seed: 1_234_567,
          params: {},
          weights: { quality: 1, cost: 0.3, latency: 0.1, cost_scale_usd: 0.01, latency_scale_ms: 1_000 },
          candidates: MODELS.map((id) => ({ id, prior_quality: 0.5, cost_usd: 0.001, latency_ms: 500 })),
        },
      ],
    }),
  );
