/** The functions that are measured, each with an invocation that does real work and a check that it did. */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LEARN_FUNCTION, rustEnvironment, SELECT_FUNCTION } from '../../local/environment.ts';
import { systemClock, systemRandom } from '../../shared/adapters/runtime/system.ts';
import { uuidv7Source } from '../../shared/adapters/runtime/uuidv7.ts';
import type { SettledObservation } from '../../shared/ports/observation-store.ts';
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
const NAMED = 'Please call Margarethe Oyelaran about the invoice.';
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

/** Registers models and a caller's key, and keeps one `select`, `completions` and `feedback` running. */
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
    {
      name: 'replay',
      kind: 'node',
      event: letter,
      check: (reply) => expect(reply.toString('utf8') === '{"batchItemFailures":[]}', reply),
    },
    {
      name: 'probe-adapters',
      kind: 'node',
      event: () => Buffer.from('{"source":"schedule"}'),
      check: (reply) => expect(/"probed":[0-9]/.test(reply.toString('utf8')), reply),
    },
    {
      name: 'verify-release',
      kind: 'node',
      event: () => Buffer.from('{"versions":[{"functionName":"atp-local-none","version":"1"}]}'),
      check: (reply) => expect(reply.includes('nothing is known to ask it'), reply),
    },
    {
      name: 'canary',
      kind: 'node',
      // Where nobody listens: what it costs to begin is its own.
      env: { API_URL: 'http://127.0.0.1:9' },
      event: () => Buffer.from('{"source":"schedule"}'),
      check: (reply) => expect(reply.includes('"ok":false'), reply),
    },
    {
      name: 'find-names',
      kind: 'node',
      env: { PII_MODEL_DIR: resolve(import.meta.dirname, '../../pii-model') },
      event: () => Buffer.from(JSON.stringify({ contract: 1, texts: [NAMED], budget_ms: 10_000 })),
      check: (reply) => expect(reply.includes('"type":"PERSON"'), reply),
    },
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

/** An observation that its table could not take at first. */
const letter = (): Buffer => {
  const clock = systemClock();
  const id = uuidv7Source(clock, systemRandom()).uuidv7();
  const at = new Date(clock.now()).toISOString();
  const settled: SettledObservation = {
    observation: {
      ...{
        id,
        request_id: id,
        tenant_id: 'default',
        policy: 'default',
        model: 'bench-a',
        provider: 'openai',
      },
      ...{ prompt: PROMPT, task_type: 'general', quality: 'balanced', tokens_in: 12, tokens_out: 4 },
      ...{ tokens_estimated: false, cost_usd: 0.00003, latency_ms: 5, selector: 'rust', state_version: 0 },
      ...{ propensity: 1, propensities: { 'bench-a': 1 }, outcome: 'success', finish_reason: 'stop' },
      ...{ quality_score: null, created_at: at },
    },
    settlement: { id, tenant_id: 'default', day: at.slice(0, 10), tokens: 16, cost_nano: 30_000 },
  };
  return Buffer.from(JSON.stringify({ Records: [{ messageId: id, body: JSON.stringify(settled) }] }));
};
