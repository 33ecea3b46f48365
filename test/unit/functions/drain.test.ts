/** `/admin/drain`: what is refused meanwhile, what ends, and what the report says. */
import { describe, expect, it } from 'vitest';
import { FakeGateway } from '../../support/fakes/gateway.ts';
import { end, ScriptedModels, text } from '../../support/fakes/scripted-models.ts';
import { FakeSocketGateway } from '../../support/fakes/socket-gateway.ts';

const SPREAD_MS = 5_000;
const HEADERS = { 'retry-after': '7' };

const drained = async (gateway: FakeGateway, fields: object = {}) => {
  const body = { enabled: true, patience_ms: 0, reconnect_after_ms: 7_000, ...fields };
  const reply = await gateway.asAdmin('POST /admin/drain', { body });
  await gateway.clock.advance(SPREAD_MS);
  return reply;
};

describe('a stage that drains', () => {
  it('refuses new work in the words of each route, and nothing else', async () => {
    const gateway = new FakeGateway();
    await gateway.withModel('a');
    const key = await gateway.keyOf('acme');
    const { json: asked } = await gateway.call('POST /v1/ask', { key, body: { prompt: 'Hi' } });
    await drained(gateway);
    const messages = [{ role: 'user', content: 'Hi' }];
    const call = (target: string, body: object) => gateway.call(target, { key, body });

    const ask = await call('POST /v1/ask', { prompt: 'Hi' });
    const chat = await call('POST /v1/chat/completions', { model: 'auto', messages });
    const responses = await call('POST /v1/responses', { model: 'auto', input: 'Hi' });
    const embeddings = await call('POST /v1/embeddings', { model: 'a', input: 'Hi' });
    const message = await call('POST /v1/messages', { model: 'auto', max_tokens: 5, messages });

    expect(ask).toMatchObject({ status: 503, headers: HEADERS, json: { code: 'draining' } });
    for (const reply of [chat, responses, embeddings])
      expect(reply).toMatchObject({ status: 503, headers: HEADERS, json: { error: { code: 'draining' } } });
    expect(message).toMatchObject({
      status: 503,
      headers: HEADERS,
      json: { type: 'error', error: { type: 'overloaded_error' } },
    });
    expect((await call('POST /v1/plan', { prompt: 'Hi' })).status).toBe(200);
    const score = { request_id: asked.request_id, quality_score: 1 };
    expect((await call('POST /v1/observe', score)).status).toBe(200);
    expect((await gateway.asAdmin('GET /admin/adapters')).status).toBe(200);
  });

  it('still gives again what it answered before', async () => {
    const gateway = new FakeGateway();
    await gateway.withModel('a');
    const call = {
      key: await gateway.keyOf('acme'),
      body: { prompt: 'Hi' },
      headers: { 'idempotency-key': 'order-1' },
    };
    const first = await gateway.call('POST /v1/ask', call);
    await drained(gateway);

    expect((await gateway.call('POST /v1/ask', call)).text).toBe(first.text);
    const other = { ...call, headers: { 'idempotency-key': 'order-2' } };
    expect((await gateway.call('POST /v1/ask', other)).status).toBe(503);
    await gateway.asAdmin('POST /admin/drain', { body: { enabled: false } });
    await gateway.clock.advance(SPREAD_MS);
    expect((await gateway.call('POST /v1/ask', other)).status).toBe(200);
  });

  it('says so where it is asked whether it is ready, until it is lifted', async () => {
    const gateway = new FakeGateway();
    const since = new Date(gateway.clock.now()).toISOString();
    expect((await gateway.asAdmin('GET /admin/drain')).json).toEqual({ enabled: false });
    await drained(gateway, { reason: 'a move, asks to joe@example.com' });
    const state = {
      enabled: true,
      reason: 'a move, asks to [REDACTED:EMAIL]',
      reconnect_after_ms: 7_000,
      since,
    };

    expect((await gateway.asAdmin('GET /admin/drain')).json).toEqual(state);
    expect((await drained(gateway, { reason: 'again' })).json).toMatchObject({ reason: 'again', since });
    expect(await gateway.call('GET /readyz')).toMatchObject({
      status: 503,
      json: { checks: { drain: { status: 'unhealthy', message: `draining since ${since}` } } },
    });
    const lifted = await gateway.asAdmin('POST /admin/drain', { body: { enabled: false } });
    await gateway.clock.advance(SPREAD_MS);
    expect([lifted.status, lifted.json]).toEqual([200, { enabled: false }]);
    expect((await gateway.call('GET /readyz')).status).toBe(200);
  });

  it.each([
    [{}, '/enabled'],
    [{ enabled: 'yes' }, '/enabled'],
    [{ enabled: true, reason: '' }, '/reason'],
    [{ enabled: true, reconnect_after_ms: -1 }, '/reconnect_after_ms'],
    [{ enabled: true, patience_ms: 60_000 }, '/patience_ms'],
    [{ enabled: false, reason: 'over' }, '/reason'],
  ])('refuses %j', async (body, path) => {
    const { status, json } = await new FakeGateway().asAdmin('POST /admin/drain', { body });

    expect([status, json.errors?.map((error) => error.path)]).toEqual([400, [path]]);
  });

  it('says what it asks for where nothing of it was given', async () => {
    const { json } = await new FakeGateway().asAdmin('POST /admin/drain', { body: { draining: true } });

    expect(json.errors).toEqual([{ path: '/enabled', message: 'must be true or false' }]);
  });

  it("is an operator's to order", async () => {
    const gateway = new FakeGateway();
    const key = await gateway.keyOf('acme', ['owner', 'auditor']);

    expect((await gateway.call('POST /admin/drain', { key, body: { enabled: true } })).status).toBe(403);
    expect((await gateway.call('GET /admin/drain', { key })).status).toBe(200);
  });
});

describe('the sockets of a stage that drains', () => {
  const CLOSING = { type: 'closing', reason: 'draining', reconnect_after_ms: 7_000 };

  it('are told and closed, those whose client has left are forgotten, and the report counts them', async () => {
    const fake = new FakeSocketGateway();
    for (const id of ['a', 'b', 'gone']) await fake.open(id);
    await fake.sockets.close('gone');
    const frames = new Map<string, unknown>();
    fake.sockets.close = async (id) => {
      frames.set(id, fake.frames(id));
    };

    const { json } = await drained(fake.gateway);

    expect(json.report).toEqual({ told: 2, closed: 2, gone: 1, unreachable: 0, abandoned: 0, waited_ms: 0 });
    expect([...frames]).toEqual([
      ['a', [CLOSING]],
      ['b', [CLOSING]],
    ]);
    expect((await fake.connections.census()).open).toEqual([]);
  });

  it('are closed when their asks have ended, and not before', async () => {
    const fake = new FakeSocketGateway();
    await fake.open('a');
    await fake.asks.claim({ requestId: 'r', tenantId: 'acme', connectionId: 'a' }, 60_000);
    const draining = drained(fake.gateway, { patience_ms: 20_000 });
    for (let second = 0; second < 8; second++) await fake.gateway.clock.advance(1_000);
    const wasOpen = await fake.sockets.isOpen('a');
    await fake.asks.end('r', { connectionId: 'a', afterSeq: -1 }, 'sealed');
    for (let second = 0; second < 3; second++) await fake.gateway.clock.advance(1_000);

    const { report } = (await draining).json as { report: { closed: number; waited_ms: number } };
    expect([wasOpen, await fake.sockets.isOpen('a')]).toEqual([true, false]);
    expect(report).toMatchObject({ told: 1, closed: 1, abandoned: 0 });
    expect(report.waited_ms).toBeLessThan(15_000);
  });

  it('are closed when patience is over, and the asks that go on without them are told', async () => {
    const fake = new FakeSocketGateway();
    await fake.open('a');
    await fake.asks.claim({ requestId: 'r', tenantId: 'acme', connectionId: 'a' }, 60_000);

    expect((await drained(fake.gateway)).json.report).toMatchObject({ closed: 1, abandoned: 1 });
  });

  it('are opened no more, and take no ask, until the drain is lifted', async () => {
    const models = new ScriptedModels({ m: [[text('Hello'), end()]] });
    const fake = new FakeSocketGateway({ client: models });
    await fake.gateway.withModel('m');
    const key = { 'x-api-key': await fake.gateway.keyOf('acme') };
    await drained(fake.gateway);
    fake.sockets.open('late');
    const now = fake.gateway.clock.now();
    const principal = { key_id: 'admin', tenant_id: 'acme', home_tenant_id: 'acme', roles: ['operator'] };
    await fake.connections.open({ id: 'late', principal, connected_at: now, seen_at: now } as never);

    const refused = await fake.connect('b', key);
    await fake.send('late', { type: 'ask', id: 'mine', prompt: 'Hi' });

    expect([refused.statusCode, JSON.parse(refused.body as string).code]).toEqual([503, 'draining']);
    expect(refused.headers).toMatchObject(HEADERS);
    expect(fake.frames('late')).toMatchObject([{ type: 'error', id: 'mine', code: 'draining' }]);
    expect(fake.queue.takeAll()).toEqual([]);
    await fake.gateway.asAdmin('POST /admin/drain', { body: { enabled: false } });
    await fake.gateway.clock.advance(SPREAD_MS);
    expect((await fake.connect('b', key)).statusCode).toBe(200);
  });

  it('that came in while the news was on its way are closed by the sweep', async () => {
    const fake = new FakeSocketGateway();
    await drained(fake.gateway);
    const now = fake.gateway.clock.now();
    const principal = { key_id: 'admin', tenant_id: 'acme', home_tenant_id: 'acme', roles: ['operator'] };
    await fake.connections.open({ id: 'late', principal, connected_at: now, seen_at: now } as never);
    fake.sockets.open('late');
    await fake.sweep();
    await fake.gateway.clock.advance(60_000);
    const frames = fake.frames('late');
    await fake.sweep();

    expect(frames).toEqual([]);
    expect(fake.swept).toEqual([
      { open: 1, announced: 0, closed: 0 },
      { open: 0, announced: 0, closed: 1 },
    ]);
  });

  it('that cannot be reached are counted', async () => {
    const fake = new FakeSocketGateway();
    await fake.open('a');
    fake.sockets.post = () => Promise.reject(new Error('away'));
    fake.sockets.close = () => Promise.reject(new Error('away'));

    expect((await drained(fake.gateway)).json.report).toMatchObject({ told: 0, closed: 0, unreachable: 1 });
  });
});
