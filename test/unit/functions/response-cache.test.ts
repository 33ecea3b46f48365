/** A policy's cache as callers see it: the same asked again costs nothing, and teaches nothing. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Policy } from '../../../shared/model/policy.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';
import { document, end, ScriptedModels, type Step, text } from '../../support/fakes/scripted-models.ts';

const TTL_S = 60;
const USED = { tokens_in: 30, tokens_out: 20 };

const choices = (field: 'message' | 'delta', content: string, finish_reason: string | null) => [
  { index: 0, [field]: { role: 'assistant', content }, finish_reason },
];

describe("a policy's cache", () => {
  let gateway: FakeGateway;
  let models: ScriptedModels;
  let key: string;

  const start = async (
    script: readonly (readonly Step[])[],
    policy: Partial<Policy> = { cache: { ttl_s: TTL_S } },
  ): Promise<void> => {
    models = new ScriptedModels({ a: script, b: script });
    gateway = new FakeGateway({ client: models, policy });
    key = await gateway.keyOf('acme');
    await gateway.withModel('a');
  };
  beforeEach(() => start([[text('Hello'), text(' there'), end(USED)]]));

  const ask = (body: object = {}, as = key) =>
    gateway.call('POST /v1/ask', { key: as, body: { prompt: 'Hi', ...body } });
  const chat = (body: object = {}) =>
    gateway.call('POST /v1/chat/completions', {
      key,
      body: { model: 'auto', messages: [{ role: 'user', content: 'Hi' }], ...body },
    });
  const newest = async () => (await gateway.observations.list({ limit: 1 })).items[0];
  const cacheOf = async (reply: Promise<{ headers: Record<string, string> }>) =>
    (await reply).headers['x-atp-cache'];

  it('answers the same again without a call and without a cost', async () => {
    const first = await ask();
    const second = await ask();

    expect(first.headers).toMatchObject({ 'x-atp-cache': 'miss' });
    expect(second.headers).toMatchObject({ 'x-atp-cache': 'hit', 'x-atp-cost-usd': '0', 'x-atp-model': 'a' });
    expect(second.json).toMatchObject({
      text: 'Hello there',
      model_used: 'a',
      cost_usd: 0,
      savings_pct: 100,
      ...USED,
      tokens_estimated: false,
    });
    expect(second.json.request_id).not.toBe(first.json.request_id);
    expect(models.calls).toHaveLength(1);
  });

  it('writes down that it did, with no tokens and no cost, and frees what was held', async () => {
    await gateway.asAdmin('POST /admin/quotas', {
      body: { tenant_id: 'acme', rate_limit: { tokens_per_day: 1e6, rph: 10 } },
    });
    await ask();
    const second = await ask();

    expect(await newest()).toMatchObject({
      request_id: second.json.request_id,
      model: 'a',
      cached: true,
      outcome: 'success',
      tokens_in: 0,
      tokens_out: 0,
      cost_usd: 0,
    });
    expect(await newest()).not.toHaveProperty('failed_over');
    expect(gateway.log.endings.at(-1)?.scope.facts).toMatchObject({ cache: 'hit', cost_usd: 0 });
    const quota = await gateway.asAdmin('GET /admin/quotas/{tenant}', { path: { tenant: 'acme' } });
    expect(quota.json.use).toMatchObject({ tokens_used: 50, tokens_held: 0, in_flight: 0 });
    expect(second.headers['x-ratelimit-remaining']).toBe('8');
  });

  it.each([
    ['another prompt', { prompt: 'Ho' }],
    ['another tier', { quality: 'high' }],
    ['another bound', { max_tokens: 7 }],
    ['another ceiling', { max_cost_usd: 0.5 }],
    ['another task', { task_type: 'code' }],
  ])('does not take %s for the same', async (_, body) => {
    await ask();

    expect(await cacheOf(ask(body))).toBe('miss');
  });

  it('takes another session, and a stream, for the same', async () => {
    await ask();

    expect(await cacheOf(ask({ session_id: 's-1' }))).toBe('hit');
    const streamed = await ask({ stream: true });
    expect(streamed.headers).toMatchObject({ 'x-atp-cache': 'hit', 'x-atp-cost-usd': '0' });
    expect(streamed.text).toMatch(
      /event: chunk\ndata: .*"Hello there".*\n\nevent: response\ndata: .*"cost_usd":0/,
    );
    expect(models.calls).toHaveLength(1);
  });

  it("is a tenant's own", async () => {
    await ask();

    expect(await cacheOf(ask({}, await gateway.keyOf('other')))).toBe('miss');
  });

  it('forgets when its time is over, and when the policy changes', async () => {
    await ask();
    await gateway.clock.advance(TTL_S * 1_000 - 1);
    expect(await cacheOf(ask())).toBe('hit');
    await gateway.clock.advance(1);
    expect(await cacheOf(ask())).toBe('miss');

    const body = { strategy: 'thompson', cache: { ttl_s: TTL_S } };
    await gateway.asAdmin('PUT /admin/policies/{id}', { path: { id: 'default' }, body });
    await gateway.clock.advance(5_000);
    expect(await cacheOf(ask())).toBe('miss');
  });

  it('does not give the answer of a model that may not serve any longer', async () => {
    await ask();
    await gateway.withModel('b');
    await gateway.withModel('a', { enabled: false });
    await gateway.clock.advance(5_000);

    const { headers } = await ask();
    expect(headers).toMatchObject({ 'x-atp-cache': 'miss', 'x-atp-model': 'b' });
  });

  it.each(['observe', 'pseudonymise', 'redact', 'off'] as const)(
    'is passed by where personal data was found: %s',
    async (pii_mode) => {
      await start([[text('Hello'), end(USED)]], { cache: { ttl_s: TTL_S }, pii_mode });
      const prompt = 'Write to john@example.com';

      expect([await cacheOf(ask({ prompt })), await cacheOf(ask({ prompt }))]).toEqual(['bypass', 'bypass']);
      expect(gateway.cache.entries.size).toBe(0);
    },
  );

  it('is not there where the policy does not ask for it', async () => {
    await start([[text('Hello'), end(USED)]], {});
    await ask();

    expect((await ask()).headers).not.toHaveProperty('x-atp-cache');
    expect(gateway.cache.entries.size).toBe(0);
  });

  it('does not keep what a filter cut', async () => {
    await start([[text('Hel'), end(USED, 'content_filter')]]);
    await ask();

    expect(await cacheOf(ask())).toBe('miss');
  });

  it('keeps whole documents and streams of chunks apart, each as it was', async () => {
    const whole = document({
      id: 'w',
      object: 'chat.completion',
      choices: choices('message', 'Hello', 'stop'),
    });
    const chunk = (content: string, reason: string | null) =>
      document({ id: 's', object: 'chat.completion.chunk', choices: choices('delta', content, reason) });
    await start([
      [whole, end(USED)],
      [chunk('Hel', null), chunk('lo', 'stop'), end(USED)],
    ]);

    const [first, second] = [await chat(), await chat()];
    const [third, fourth] = [await chat({ stream: true }), await chat({ stream: true })];

    expect([first, second, third, fourth].map(({ headers }) => headers['x-atp-cache'])).toEqual([
      'miss',
      'hit',
      'miss',
      'hit',
    ]);
    expect(second.text).toBe(first.text);
    expect(fourth.text).toBe(third.text);
    expect(fourth.text).toContain('[DONE]');
    expect(models.calls).toHaveLength(2);
  });

  it('answers as if it were not there where its table is away', async () => {
    gateway.cache.get = () => Promise.reject(new Error('away'));
    gateway.cache.put = () => Promise.reject(new Error('away'));

    expect(await ask()).toMatchObject({ status: 200, headers: { 'x-atp-cache': 'miss' } });
  });

  it('leaves nothing in the store that can be read', async () => {
    await ask();

    const stored = JSON.stringify([...gateway.cache.entries]);
    expect(stored).toContain('sealed');
    for (const word of ['Hello', 'Hi', 'acme']) expect(stored).not.toContain(`"${word}`);
  });
});
