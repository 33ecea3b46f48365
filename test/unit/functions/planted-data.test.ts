/**
 * Personal data with a form of its own in every field, query, path and header of every route, in what is refused and in what
 * succeeds, over MCP and over the WebSocket: whatever the gateway writes down, it is not in there.
 */
import { describe, expect, it, vi } from 'vitest';
import { ROUTES } from '../../../shared/config/routes.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';
import type { Call } from '../../support/fakes/http.ts';
import { end, text } from '../../support/fakes/scripted-models.ts';
import { FakeSocketGateway } from '../../support/fakes/socket-gateway.ts';
import { makeModels } from '../../support/fakes/talking.ts';

const CANARY = 'canary.quux@example.com';
const SAID = `Write to ${CANARY} today`;

/** Fields that a caller may fill with words, by the route that takes them. */
const VALID: Readonly<Record<string, object>> = {
  'POST /v1/ask': { prompt: SAID, task_type: SAID, session_id: SAID },
  'POST /v1/plan': { prompt: SAID, task_type: SAID, session_id: SAID },
  'POST /v1/chat/completions': { model: 'auto', user: SAID, messages: [{ role: 'user', content: SAID }] },
  'POST /v1/responses': { model: 'auto', input: SAID, instructions: SAID },
  'POST /v1/messages': { model: 'auto', max_tokens: 9, messages: [{ role: 'user', content: SAID }] },
  'POST /v1/embeddings': { model: 'm', input: SAID },
  'POST /admin/keys': { tenant_id: 'acme', name: SAID },
  'POST /admin/quotas': { tenant_id: 'acme', tier: 'free' },
};

const everyField = (value: unknown): unknown =>
  typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, everyField(inner)]))
    : SAID;

/** Bodies that are refused: the canary for every value, as a field's name, and where no object is. */
const refused = (target: string): unknown[] => [
  { ...(everyField(VALID[target] ?? { id: 1, tenant_id: 1, request_id: 1, strategy: 1 }) as object) },
  { ...VALID[target], [CANARY]: 1, nested: { [CANARY]: [SAID] } },
  [SAID],
  SAID,
];

const HEADERS = {
  'user-agent': SAID,
  'x-request-id': SAID,
  'x-session-id': SAID,
  accept: SAID,
  origin: SAID,
};
const PLACES = { id: SAID, tenant: SAID, key: SAID, user: SAID };
const QUERY = {
  cursor: SAID,
  limit: SAID,
  tenant: SAID,
  tenant_id: SAID,
  kind: SAID,
  from: SAID,
  to: SAID,
  [CANARY]: '1',
};

/** Everything that can be read out of what was written. */
const written = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) => {
    if (inner instanceof Map) return [...inner];
    if (inner instanceof Set) return [...inner];
    if (inner instanceof Error) return [inner.name, inner.message, inner.stack, inner.cause];
    return typeof inner === 'bigint' ? String(inner) : inner;
  });

/** Every store, and the log; only what the log never shows of a request is left out. */
const everythingIn = async (gateway: FakeGateway) => ({
  observations: await gateway.observations.list({ limit: 500 }),
  letters: gateway.deadLetters.letters,
  endings: gateway.log.endings.map(({ scope: { body: _body, ...scope }, ...ending }) => ({
    ...ending,
    scope,
  })),
  failures: gateway.log.failures,
  audit: gateway.auditStore.chains,
  keys: await gateway.keys.list(),
  tenants: await gateway.config.listAdapters(),
  batches: gateway.rust.batches,
  cache: [...gateway.cache.entries],
  replies: [...gateway.replies.entries],
  asks: [...gateway.asks.entries],
  events: await gateway.events.list({ limit: 500 } as never),
});

/** What of it holds the canary, as it is or as base64. */
const leaksIn = (everything: Record<string, unknown>): string[] =>
  Object.entries(everything)
    .filter(([, value]) => {
      const all = written(value);
      return all.includes('canary.quux') || all.includes(Buffer.from(CANARY).toString('base64').slice(0, -4));
    })
    .map(([name]) => name);

const aGateway = async () => {
  const gateway = new FakeGateway();
  await gateway.withModel('m', { simulated: { latency_ms: 0, jitter: 0, echo: true } });
  const puts = vi.spyOn(gateway.sessions, 'put');
  return { gateway, puts, key: await gateway.keyOf('acme') };
};

describe('personal data in every field of every route', () => {
  it.each(ROUTES.map(({ method, resource }) => `${method} ${resource}`))(
    'is written down nowhere: %s',
    async (target) => {
      const { gateway, puts, key } = await aGateway();
      const statuses: number[] = [];
      const send = async (call: Call): Promise<void> => {
        statuses.push((await gateway.call(target, { key, ...call })).status);
        statuses.push((await gateway.asAdmin(target, call)).status);
      };
      const bodies = target.startsWith('GET') || target.startsWith('DELETE') ? [] : refused(target);
      await send({ headers: HEADERS, path: PLACES, query: QUERY });
      for (const body of bodies) await send({ body, headers: HEADERS, path: PLACES, query: QUERY });
      if (bodies.length > 0) {
        await send({ raw: `{"${CANARY}": ${SAID}`, path: PLACES });
        await send({ body: VALID[target] ?? {}, headers: { 'idempotency-key': CANARY }, path: PLACES });
        await send({ body: VALID[target] ?? {}, headers: { 'idempotency-key': 'a-sound-key-0001' } });
      }
      await gateway.call(target, { key: CANARY, headers: HEADERS, path: PLACES });
      // Refusals beyond the first are written together, later.
      await gateway.clock.advance(120_000);

      expect(statuses.length).toBeGreaterThan(0);
      expect(leaksIn({ ...(await everythingIn(gateway)), sessions: puts.mock.calls })).toEqual([]);
    },
  );

  it('is in none of the words of feedback, nor in the answer that is scored', async () => {
    const { gateway, key } = await aGateway();
    const { json } = await gateway.call('POST /v1/ask', { key, body: VALID['POST /v1/ask'] ?? {} });
    const scored = await gateway.call('POST /v1/observe', {
      key,
      body: { request_id: json.request_id, quality_score: 0.5, labels: { of: SAID } },
    });

    expect(scored.status).toBe(200);
    expect(leaksIn(await everythingIn(gateway))).toEqual([]);
  });

  it('is in no dead letter while the table is away', async () => {
    const { gateway, key } = await aGateway();
    gateway.observations.commit = () => Promise.reject(new Error(`cannot store ${SAID}`));
    await gateway.call('POST /v1/ask', { key, body: VALID['POST /v1/ask'] ?? {} });

    expect(gateway.deadLetters.letters).toHaveLength(1);
    const { letters, endings } = await everythingIn(gateway);
    expect(leaksIn({ letters, endings })).toEqual([]);
  });

  it('is written down nowhere over MCP', async () => {
    const { gateway, key } = await aGateway();
    const headers = { accept: 'application/json, text/event-stream' };
    for (const [id, params] of [
      ['ask', { name: 'ask', arguments: { prompt: SAID, task_type: SAID, session_id: SAID } }],
      ['plan', { name: 'plan', arguments: { prompt: SAID } }],
      ['observe', { name: 'observe', arguments: { request_id: SAID, quality_score: SAID } }],
      ['none', { name: CANARY, arguments: { [CANARY]: SAID } }],
      [CANARY, { name: 'ask', arguments: { prompt: 7, [CANARY]: SAID }, _meta: { progressToken: SAID } }],
    ] as const)
      await gateway.call('POST /mcp', {
        key,
        headers,
        body: { jsonrpc: '2.0', id, method: 'tools/call', params },
      });
    await gateway.call('POST /mcp', { key, headers, body: { jsonrpc: '2.0', id: 1, method: CANARY } });

    expect((await gateway.observations.list({ limit: 9 })).items).toHaveLength(1);
    expect(leaksIn(await everythingIn(gateway))).toEqual([]);
  });
});

describe('personal data in every message of a WebSocket', () => {
  it('is written down nowhere, and lies sealed in queue and table', async () => {
    const fake = new FakeSocketGateway({ client: makeModels([text(SAID), end()]) });
    await fake.gateway.withModel('m');
    await fake.open('a');
    const bodies: string[] = [];
    for (const message of [
      { type: 'ask', id: CANARY, prompt: SAID, task_type: SAID, session_id: SAID },
      { type: 'ask', id: 'two', prompt: SAID, stream: true, session_id: SAID },
      { type: 'ask', id: 'three', prompt: 7, [CANARY]: SAID },
      { type: CANARY, id: CANARY },
      { type: 'cancel', id: CANARY },
      { type: 'resume', id: CANARY, request_id: SAID },
      SAID,
    ]) {
      await fake.send('a', message);
      const waiting = fake.queue.takeAll();
      bodies.push(...waiting);
      await fake.work({ bodies: waiting });
    }
    await fake.connect('b', { 'x-api-key': CANARY, origin: SAID, 'user-agent': SAID });

    expect(bodies.length).toBeGreaterThan(0);
    const everything = await everythingIn(fake.gateway);
    expect(leaksIn({ ...everything, bodies, connection: await fake.connections.find('a') })).toEqual([]);
  });
});
