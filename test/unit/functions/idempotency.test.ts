/** `Idempotency-Key` as callers see it: answered once, charged once, observed once. */
import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';
import { document, end, ScriptedModels, type Step, text } from '../../support/fakes/scripted-models.ts';

const HOUR_MS = 3_600_000;

describe('Idempotency-Key', () => {
  let gateway: FakeGateway;
  let models: ScriptedModels;
  let key: string;

  const start = async (script: readonly (readonly Step[])[]): Promise<void> => {
    models = new ScriptedModels({ a: script });
    gateway = new FakeGateway({ client: models });
    key = await gateway.keyOf('acme');
    await gateway.withModel('a', { capabilities: ['tools'] });
  };
  beforeEach(() => start([[text('Hello'), text(' there'), end({ tokens_in: 3, tokens_out: 2 })]]));

  const send = (
    body: object = {},
    { once = 'order-1', as = key, to = '/v1/ask' }: { once?: string; as?: string; to?: string } = {},
  ) =>
    gateway.call(`POST ${to}`, {
      key: as,
      body: to === '/v1/ask' ? { prompt: 'Hi', ...body } : body,
      headers: { 'Idempotency-Key': once },
    });

  const observed = async () => (await gateway.observations.list({ limit: 10 })).items.length;

  it('gives the same reply again, with one call, one charge and one observation', async () => {
    const first = await send();
    const second = await send();

    expect(first.headers).not.toHaveProperty('idempotent-replayed');
    expect([second.status, second.text]).toEqual([200, first.text]);
    expect(second.headers).toEqual({ ...first.headers, 'idempotent-replayed': 'true' });
    expect([models.calls.length, await observed()]).toEqual([1, 1]);
    expect(gateway.log.endings.at(-1)?.scope.facts).toEqual({ replayed: true });
  });

  it('does not count a reply that is given again against the limits', async () => {
    await gateway.asAdmin('POST /admin/quotas', { body: { tenant_id: 'acme', rate_limit: { rph: 1 } } });
    const first = await send();
    const second = await send();
    const other = await send({}, { once: 'order-2' });

    expect([first.status, second.status, other.status]).toEqual([200, 200, 429]);
    expect(first.headers).toHaveProperty('x-ratelimit-remaining');
    expect(second.headers).not.toHaveProperty('x-ratelimit-remaining');
  });

  it('takes the fields in any order and refuses other ones', async () => {
    await send({ max_tokens: 5, quality: 'high' });
    const same = await gateway.call('POST /v1/ask', {
      key,
      raw: '{ "quality": "high", "max_tokens": 5, "prompt": "Hi" }',
      headers: { 'idempotency-key': 'order-1' },
    });
    const other = await send({ max_tokens: 6, quality: 'high' });

    expect(same.headers).toHaveProperty('idempotent-replayed');
    expect(other).toMatchObject({ status: 409, json: { code: 'conflict' } });
    expect(other.json.errors?.map(({ path }) => path)).toEqual(['/headers/idempotency-key']);
    expect(other.headers).not.toHaveProperty('retry-after');
  });

  it("is a tenant's own, and a route's", async () => {
    await send();
    const other = await send({}, { as: await gateway.keyOf('other') });
    const chat = { model: 'auto', messages: [{ role: 'user', content: 'Hi' }] };
    const route = await send(chat, { to: '/v1/chat/completions' });

    expect(other.headers).not.toHaveProperty('idempotent-replayed');
    expect(route.status).not.toBe(409);
    expect(models.calls).toHaveLength(3);
  });

  it('asks to wait while the first request runs, and lets nobody else in', async () => {
    await start([['silence']]);
    const first = send({ latency_slo_ms: 1 });
    await Promise.resolve();
    while (models.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const second = await send({ latency_slo_ms: 1 });

    expect(second).toMatchObject({ status: 409, headers: { 'retry-after': '1' } });
    expect(second.json.errors?.map(({ path }) => path)).toEqual(['/headers/idempotency-key']);
    await gateway.clock.advance(HOUR_MS);
    void first.catch(() => undefined);
  });

  it.each([
    ['a fault', new AppError('upstream_error', 'Broken.', { retryable: false })],
    ['a limit of time', new AppError('upstream_timeout', 'Too slow.', { retryable: false })],
  ])('is free again after %s', async (_, fault) => {
    await start([[fault], [text('Hello'), end()]]);
    const failed = await send();
    const again = await send();

    expect(failed.status).toBeGreaterThanOrEqual(500);
    expect(again.status).toBe(200);
    expect(again.headers).not.toHaveProperty('idempotent-replayed');
  });

  it('gives a refusal again where another try would not mend it', async () => {
    const first = await send({ max_cost_usd: 0 });
    const second = await send({ max_cost_usd: 0 });

    expect([first.status, second.status]).toEqual([422, 422]);
    expect(second.text).toBe(first.text);
    expect(second.headers).toMatchObject({
      'idempotent-replayed': 'true',
      'content-type': 'application/problem+json',
      'x-request-id': first.json.request_id,
    });
  });

  it('is not claimed by a request that was not valid', async () => {
    expect((await send({ max_tokens: 0 })).status).toBe(400);
    expect((await send()).status).toBe(200);
  });

  it('holds for a day', async () => {
    await send();
    await gateway.clock.advance(24 * HOUR_MS - 1);
    expect((await send()).headers).toHaveProperty('idempotent-replayed');
    await gateway.clock.advance(1);
    expect((await send()).headers).not.toHaveProperty('idempotent-replayed');
  });

  it('gives a stream again, event for event', async () => {
    const first = await send({ stream: true });
    const second = await send({ stream: true });

    expect(first.text).toContain('event: response');
    expect([second.status, second.text]).toEqual([200, first.text]);
    expect(second.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'idempotent-replayed': 'true',
    });
    expect([models.calls.length, await observed()]).toEqual([1, 1]);
  });

  it('is free again after a stream that broke off', async () => {
    const cut = new AppError('upstream_error', 'Cut.', { retryable: false });
    await start([
      [text('Hel'), cut],
      [text('Hello'), end()],
    ]);
    const first = await send({ stream: true });
    const second = await send({ stream: true });

    expect(first.text).toContain('event: error');
    expect(second.text).toContain('event: response');
    expect(second.headers).not.toHaveProperty('idempotent-replayed');
  });

  it("speaks the vendors' languages", async () => {
    const completion = {
      id: 'c-1',
      object: 'chat.completion',
      choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
    };
    await start([[document(completion), end()]]);
    const chat = { model: 'auto', messages: [{ role: 'user', content: 'Hi' }] };
    const to = '/v1/chat/completions';
    const first = await send(chat, { to });
    const second = await send(chat, { to });
    const other = await send({ ...chat, temperature: 1 }, { to });

    expect(second.text).toBe(first.text);
    expect(other).toMatchObject({ status: 409, json: { error: { param: 'idempotency-key' } } });
  });

  it('scores an answer once, and makes a key once', async () => {
    const { json } = await send();
    const score = { request_id: json.request_id, quality_score: 1 };
    const observe = () => send(score, { to: '/v1/observe' });
    const make = () =>
      send({ tenant_id: 'new' }, { as: `atp_test_admin_${'k'.repeat(40)}`, to: '/admin/keys' });

    expect([(await observe()).status, (await observe()).headers]).toEqual([
      200,
      expect.objectContaining({ 'idempotent-replayed': 'true' }),
    ]);
    const made = await make();
    expect((await make()).text).toBe(made.text);
    expect((await gateway.keys.list()).filter(({ tenant_id }) => tenant_id === 'new')).toHaveLength(1);
  });

  it('gives a plan again, and means nothing where each reply is the same', async () => {
    const plan = () => send({ prompt: 'Hi' }, { to: '/v1/plan' });
    const first = await plan();

    expect(await plan()).toMatchObject({ text: first.text, headers: { 'idempotent-replayed': 'true' } });
    await gateway.asAdmin('POST /admin/privacy/preview', {
      body: { text: 'Hi' },
      headers: { 'Idempotency-Key': 'order-1' },
    });
    expect(gateway.replies.entries.size).toBe(1);
  });

  it.each(['', 'a\nb', 'ä', 'x'.repeat(256)])('refuses the key %j', async (once) => {
    const { status, json } = await send({}, { once });

    expect([status, json.errors?.[0]?.path]).toEqual([400, '/headers/idempotency-key']);
  });

  it('refuses what it cannot look up: a second charge is worse', async () => {
    gateway.replies.claim = () => Promise.reject(new AppError('unavailable', 'Away.'));

    expect((await send()).status).toBe(503);
    expect(models.calls).toHaveLength(0);
  });

  it('answers all the same where the reply cannot be kept, and says so in the log', async () => {
    gateway.replies.keep = () => Promise.reject(new AppError('unavailable', 'Away.'));

    expect((await send()).status).toBe(200);
    expect(gateway.log.failures).toHaveLength(1);
  });

  it('leaves nothing in the store that can be read', async () => {
    await send({ prompt: 'Write to john@example.com' }, { once: 'key-of-john@example.com' });

    const stored = JSON.stringify([...gateway.replies.entries]);
    expect(stored).toContain('sealed');
    for (const word of ['john', 'Hello', 'acme', 'ask']) expect(stored).not.toContain(word);
  });

  it('says that a reply was given that is too large to be kept', async () => {
    await start([[text('x'.repeat(110_000)), end()]]);
    const sizes = [(await send()).status, (await send()).status, (await send()).json.detail];

    expect(sizes).toEqual([200, 409, expect.stringContaining('too large')]);
    expect((await send({ stream: true }, { once: 'streamed' })).status).toBe(200);
    expect((await send({ stream: true }, { once: 'streamed' })).status).toBe(409);
  });
});
