/** Many requests of many tenants through one instance, as on managed instances: nothing of one is seen by another. */
import type { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { StreamingHandler } from '../../../local/lambda/awslambda-global.ts';
import { ResponseStream } from '../../../local/lambda/response-stream.ts';
import { SharedInstance } from '../../../local/lambda/shared-instance.ts';
import { MemorySecretStore } from '../../../shared/adapters/memory/secret-store.ts';
import { ProviderHttpClient } from '../../../shared/adapters/providers/http-client.ts';
import { OpenAiCompatibleClient } from '../../../shared/adapters/providers/openai-compatible/client.ts';
import { systemClock } from '../../../shared/adapters/runtime/system.ts';
import { makeTelemetry } from '../../../shared/observability/telemetry.ts';
import { isPrivateAddress } from '../../../shared/services/base-url.ts';
import { ADMIN_KEY, FakeGateway } from '../../support/fakes/gateway.ts';
import { aContext, type Call, makeEvent, type Reply } from '../../support/fakes/http.ts';
import { PATIENT } from '../../support/patience.ts';
import { GatheringUpstream, keyOfModel } from './upstream.ts';

const TENANTS = Array.from({ length: 8 }, (_, index) => `tenant-${index}`);
const EACH = 8;
const modelOf = (tenant: string): string => `model-${tenant}`;
const upstream = new GatheringUpstream();
const http = new ProviderHttpClient({ isPrivateAddress, allowPrivate: true });

interface Line {
  message?: string;
  request_id?: string;
  tenant_id?: string;
  key_id?: string;
  _aws?: unknown;
  Requests?: number;
  Tokens?: number;
}

let lines: Line[] = [];
let gateway: FakeGateway;
let instance: SharedInstance;
const keys = new Map<string, string>();

const capture = (): void => {
  const take = (chunk: unknown): boolean => {
    for (const line of String(chunk).split('\n')) if (line.startsWith('{')) lines.push(JSON.parse(line));
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(take as never);
  for (const level of ['log', 'info'] as const) vi.spyOn(console, level).mockImplementation(take as never);
};

beforeAll(async () => {
  vi.stubEnv('AWS_LAMBDA_MAX_CONCURRENCY', '64');
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'AtpRouter');
  vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'completions');
  const base_url = await upstream.server.start();
  const secrets = new MemorySecretStore(
    Object.fromEntries(TENANTS.map((tenant) => [`vendor/${tenant}`, keyOfModel(modelOf(tenant))])),
  );
  instance = await SharedInstance.open({ functionName: 'completions', memoryLimitInMB: '2048' });
  capture();
  const { log } = makeTelemetry('completions');
  const client = new OpenAiCompatibleClient({ http, secrets, clock: systemClock() });
  gateway = new FakeGateway({ client, log, allowPrivateUrls: true });
  for (const tenant of TENANTS) {
    keys.set(tenant, await gateway.keyOf(tenant));
    await gateway.withModel(modelOf(tenant), {
      provider: 'openai-compatible',
      simulated: undefined,
      base_url,
      secret_name: `vendor/${tenant}`,
    });
  }
});

afterAll(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await upstream.server.stop();
  await http.close();
});

interface Sent {
  tenant: string;
  id: string;
  words: string;
  target: string;
  call: Call;
}

/** Of each tenant some of every kind, those of different tenants next to each other. */
const requests = (kind: string): Sent[] =>
  Array.from({ length: TENANTS.length * EACH }, (_, index) => {
    const tenant = TENANTS[index % TENANTS.length] ?? '';
    const id = `${kind}-${tenant}-${index}`;
    const words = `The words of ${tenant}, number ${index}.`;
    const stream = index % 3 === 0;
    const call = { key: keys.get(tenant) ?? '', headers: { 'x-request-id': id } };
    const messages = [{ role: 'user', content: words }];
    return index % 2 === 0
      ? { tenant, id, words, target: 'POST /v1/ask', call: { ...call, body: { prompt: words, stream } } }
      : {
          tenant,
          id,
          words,
          target: 'POST /v1/chat/completions',
          call: { ...call, body: { model: modelOf(tenant), messages, stream } },
        };
  });

const send = ({ id, target, call }: Sent): Promise<Reply> =>
  instance.run(id, () => gateway.call(target, call));

const linesOf = (from: readonly Line[], id: string): Line[] =>
  from.filter(({ request_id, message }) => request_id === id && message === 'request');
const planCall = (prompt: string): Call => ({
  headers: { accept: 'application/json, text/event-stream' },
  body: { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'plan', arguments: { prompt } } },
});
const keyId = (tenant: string): string => keys.get(tenant)?.split('_')[2] ?? '';

describe('64 asks of 8 tenants at once', () => {
  const sent = () => requests('ask');
  let replies: Reply[];
  let logged: Line[];
  let asked: Sent[];

  beforeAll(async () => {
    asked = sent();
    lines = [];
    const all = upstream.gather(asked.length);
    const answers = Promise.all(asked.map(send));
    await all;
    await upstream.release();
    replies = await answers;
    logged = lines;
    lines = [];
  });

  it('were all under way at one time', () => {
    expect(instance.mostAtOnce).toBe(64);
  });

  it('get their own words back, under their own ids', () => {
    for (const [index, { status, headers, text }] of replies.entries()) {
      const { id, words } = asked[index] ?? { id: '', words: '' };
      expect(status).toBe(200);
      expect(headers['x-request-id']).toBe(id);
      expect(text).toContain(words);
      for (const other of TENANTS.filter((tenant) => !words.includes(tenant)))
        expect(text).not.toContain(`words of ${other},`);
    }
  });

  it('call each model with its own key', () => {
    expect(upstream.strangers).toEqual([]);
  });

  it('are written down for their own tenant, prompt and all', async () => {
    for (const { tenant, id, words } of asked) {
      const found = await gateway.asAdmin('GET /admin/observations', { query: { tenant_id: tenant } });
      const own = (found.json as unknown as { request_id: string; prompt: string }[]).find(
        ({ request_id }) => request_id === id,
      );
      expect(own?.prompt).toBe(words);
    }
  });

  it('are logged once each, with the tenant and the key that asked', () => {
    for (const { tenant, id } of asked) {
      expect(linesOf(logged, id)).toHaveLength(1);
      expect(linesOf(logged, id)[0]).toMatchObject({ tenant_id: tenant, key_id: keyId(tenant) });
    }
  });

  it('are counted once each in the metrics, whoever publishes them', () => {
    const published = logged.filter(({ _aws }) => _aws !== undefined);
    const sum = (name: 'Requests' | 'Tokens') =>
      published.reduce((total, line) => total + (line[name] ?? 0), 0);

    expect(sum('Requests')).toBe(asked.length);
    expect(sum('Tokens')).toBe(asked.length * 10);
  });
});

describe('a client that leaves', () => {
  it("ends its own call to the provider and nobody else's", async () => {
    const asked = requests('left');
    const leaving = asked.filter((_, index) => index % EACH === 3);
    const all = upstream.gather(asked.length);
    const streams: Writable[] = [];
    const answers = asked.map((one) =>
      leaving.includes(one)
        ? instance.run(one.id, async () => {
            const stream = new ResponseStream({
              reply() {},
              begin() {},
              write: (_, done) => done(),
              end() {},
            });
            stream.on('error', () => undefined);
            streams.push(stream);
            const event = makeEvent(one.target, one.call);
            const handler = gateway.handlerOf('completions') as unknown as StreamingHandler;
            await Promise.resolve(handler(event, stream, aContext())).catch(() => undefined);
            return undefined;
          })
        : send(one),
    );
    await all;
    for (const stream of streams) stream.destroy(new Error('the client went away'));
    await vi.waitFor(() => expect(upstream.givenUp).toHaveLength(leaving.length), PATIENT);
    await upstream.release();
    const replies = await Promise.all(answers);

    expect(upstream.givenUp.sort()).toEqual(leaving.map(({ words }) => words).sort());
    for (const [index, reply] of replies.entries()) {
      const { words = '' } = asked[index] ?? {};
      if (reply !== undefined) expect(reply.text).toContain(words);
    }
  });
});

describe('the other functions', () => {
  it('act for who calls, with 64 requests in each at once', async () => {
    const scored = TENANTS.flatMap((tenant) =>
      requests('ask')
        .filter((one) => one.tenant === tenant)
        .map((one) => ({ ...one, next: TENANTS[(TENANTS.indexOf(tenant) + 1) % TENANTS.length] ?? '' })),
    );
    const work = scored.flatMap(({ tenant, id, next }, index) => {
      const as = (who: string, call: Call = {}) => ({ ...call, key: keys.get(who) ?? '' });
      const body = { request_id: id, quality_score: 0.5 };
      const run = (name: string, target: string, call: Call) =>
        instance.run(`${name}-${index}`, () => gateway.call(target, call));
      return [
        run('feedback', 'POST /v1/observe', as(tenant, { body })).then(({ status }) =>
          expect(status).toBe(200),
        ),
        run('feedback', 'POST /v1/observe', as(next, { body })).then(({ status }) =>
          expect(status).toBe(404),
        ),
        run('status', 'GET /v1/usage', as(tenant)).then(({ json }) => expect(json.tenant_id).toBe(tenant)),
        run('admin', 'GET /admin/keys', as(tenant)).then(({ status }) => expect(status).toBe(403)),
        run('admin', 'GET /admin/quotas/{tenant}', { key: ADMIN_KEY, path: { tenant } }).then(({ json }) =>
          expect(json.tenant_id).toBe(tenant),
        ),
        run('mcp', 'POST /mcp', as(tenant, planCall(`${tenant} plans`))).then(({ text }) =>
          expect(text).toContain('"structuredContent":{"request_id"'),
        ),
      ];
    });

    const all = Promise.all(work);
    let isDone = false;
    const done = (): void => {
      isDone = true;
    };
    all.then(done, done);
    // Refusals that are written down at the same time wait for each other.
    while (!isDone) await gateway.clock.advance(100);
    await all;

    expect(instance.mostAtOnce).toBeGreaterThanOrEqual(6 * 64);
  });
});
