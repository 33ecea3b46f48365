import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import { extractFeatures } from '../../../shared/services/features/extract-features.ts';
import { unpackFeatures } from '../../../shared/services/features/pack-features.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';
import { brokenReader } from '../../support/fakes/pii-reader.ts';
import { end, ScriptedModels, text } from '../../support/fakes/scripted-models.ts';

const PLANTED = 'Mail john.doe@example.com about 123-45-6789';
const REDACTED = 'Mail [REDACTED:EMAIL] about [REDACTED:SSN]';

describe('POST /v1/ask', () => {
  let gateway: FakeGateway;
  let key: string;

  const start = async (made = new FakeGateway()): Promise<void> => {
    gateway = made;
    key = await gateway.keyOf('acme');
    await gateway.withModel('a');
  };

  beforeEach(() => start());

  const ask = (body: object, headers: Record<string, string> = {}) =>
    gateway.call('POST /v1/ask', { key, body: { prompt: 'Explain quantum computing', ...body }, headers });

  const newest = async () => (await gateway.observations.list({ limit: 1 })).items[0];

  it('answers with the model, the selector and the cost in its headers', async () => {
    const { status, headers, json } = await ask({});

    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'x-atp-model': 'a',
      'x-atp-selector': 'rust',
      'x-atp-cost-usd': String(json.cost_usd),
      'x-request-id': json.request_id,
    });
    expect(headers).not.toHaveProperty('x-ratelimit-limit');
  });

  it('has its observation stored when it answers, under the id the reply carries', async () => {
    const { json } = await ask({ task_type: 'code', session_id: 's-1' }, { 'x-request-id': 'my-request-1' });

    expect(json.request_id).toBe('my-request-1');
    expect(await gateway.observations.find('acme', 'my-request-1')).toMatchObject({
      tenant_id: 'acme',
      model: json.model_used,
      task_type: 'code',
      session_id: 's-1',
      cost_usd: json.cost_usd,
      outcome: 'success',
    });
  });

  it('notes for the log what it did, and nothing of what was sent', async () => {
    await ask({ prompt: PLANTED });

    const { facts } = gateway.log.endings.at(-1)?.scope ?? {};
    expect(facts).toEqual({
      findings: 2,
      pii: { EMAIL: 1, SSN: 1 },
      pii_mode: 'observe',
      selector: 'rust',
      selector_ms: 0,
      model: 'a',
      tokens: expect.any(Number),
      tokens_in: expect.any(Number),
      tokens_out: expect.any(Number),
      cost_usd: expect.any(Number),
    });
  });

  it('says when TypeScript decided instead', async () => {
    gateway.rust.behaviour = () => Promise.reject(new Error('killed'));

    expect((await ask({})).headers['x-atp-selector']).toBe('typescript');
    expect(gateway.log.endings.at(-1)?.scope.facts.fallback).toBe('failed');
  });

  it('notes that the observation waits in the dead letters', async () => {
    gateway.observations.commit = () => Promise.reject(new Error('the table is away'));

    expect((await ask({})).status).toBe(200);
    expect(gateway.log.endings.at(-1)?.scope.facts.dead_lettered).toBe(true);
  });

  it("is refused with 429 beyond the tenant's limit, with window, limit and reset", async () => {
    await gateway.asAdmin('POST /admin/quotas', { body: { tenant_id: 'acme', rate_limit: { rps: 1 } } });

    const replies = [await ask({}), await ask({})];

    expect(replies.map(({ status }) => status)).toEqual([200, 429]);
    expect(replies.map(({ headers }) => headers['x-ratelimit-remaining'])).toEqual(['0', '0']);
    expect(replies[1]).toMatchObject({
      headers: { 'x-ratelimit-limit': '1', 'retry-after': '2' },
      json: { code: 'rate_limited', window: 'second', limit: 1, reset_at: expect.stringMatching(/Z$/) },
    });
  });

  it('books what it used against the day, and holds nothing afterwards', async () => {
    const rate_limit = { tokens_per_day: 1_000_000 };
    await gateway.asAdmin('POST /admin/quotas', { body: { tenant_id: 'acme', rate_limit } });
    const { json } = await ask({});

    const quota = await gateway.asAdmin('GET /admin/quotas/{tenant}', { path: { tenant: 'acme' } });
    expect(quota.json.use).toMatchObject({
      tokens_used: Number(json.tokens_in) + Number(json.tokens_out),
      tokens_held: 0,
      in_flight: 0,
    });
  });

  it('answers 422 with the reason of each model', async () => {
    expect(await ask({ max_cost_usd: 1e-9 })).toMatchObject({
      status: 422,
      json: { code: 'no_eligible_model', reasons: [{ id: 'a', reason: 'max_cost_usd' }] },
    });
  });

  it('answers 502 when no model does, and writes that down', async () => {
    const failed = new AppError('upstream_error', 'The provider failed.', { retryable: false });
    await start(new FakeGateway({ client: new ScriptedModels({ a: [[failed]] }) }));

    expect(await ask({})).toMatchObject({ status: 502, json: { code: 'upstream_error' } });
    expect(await newest()).toMatchObject({ outcome: 'upstream_error', cost_usd: 0 });
  });

  it('answers 503 when detection fails, and calls no model', async () => {
    const client = new ScriptedModels({ a: [[text('x'), end()]] });
    await start(new FakeGateway({ client, reader: brokenReader }));

    expect(await ask({})).toMatchObject({ status: 503, json: { code: 'unavailable' } });
    expect(client.calls).toEqual([]);
  });

  describe('by PII mode', () => {
    const withMode = async (pii_mode: 'off' | 'observe' | 'redact' | 'block') => {
      await start(new FakeGateway({ policy: { pii_mode } }));
      await gateway.withModel('a', { simulated: { latency_ms: 0, echo: true } });
      return ask({ prompt: PLANTED, session_id: 'john.doe@example.com', task_type: '123-45-6789' });
    };

    it('observe: the provider sees it, the store does not', async () => {
      expect((await withMode('observe')).json.text).toBe(PLANTED);
      expect(await newest()).toMatchObject({
        prompt: REDACTED,
        session_id: '[REDACTED:EMAIL]',
        task_type: '[REDACTED:SSN]',
      });
    });

    it('redact: neither sees it', async () => {
      expect((await withMode('redact')).json.text).toBe(REDACTED);
      expect((await newest())?.prompt).toBe(REDACTED);
    });

    it('off: both see it', async () => {
      expect((await withMode('off')).json.text).toBe(PLANTED);
      expect(await newest()).toMatchObject({ prompt: PLANTED, session_id: 'john.doe@example.com' });
    });

    it.each(['off', 'observe'] as const)('%s: what is learnt from is redacted', async (pii_mode) => {
      await start(new FakeGateway({ policy: { pii_mode, strategy: 'lin-thompson' } }));
      await ask({ prompt: PLANTED, task_type: '123-45-6789', max_tokens: 9 });

      const features = extractFeatures({ prompt: REDACTED, task_type: '[REDACTED:SSN]', max_tokens: 9 });
      expect(unpackFeatures((await newest())?.features ?? '')).toEqual(features);
    });

    it('block: it is refused without its words', async () => {
      const { status, json, text: said } = await withMode('block');

      expect([status, json.code]).toEqual([422, 'blocked']);
      expect(said).not.toContain('john');
      expect(await newest()).toBeUndefined();
    });

    it('block: a clean prompt passes', async () => {
      await start(new FakeGateway({ policy: { pii_mode: 'block' } }));

      expect((await ask({})).status).toBe(200);
    });
  });
});
