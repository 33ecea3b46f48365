import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { JsonObject } from '../../../shared/model/chat.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';
import { document, end, ScriptedModels } from '../../support/fakes/scripted-models.ts';

const ROUTE = 'POST /v1/chat/completions';
const MESSAGES = [{ role: 'user', content: 'Explain quantum computing' }];
const COMPLETION = {
  choices: [{ message: { role: 'assistant', content: 'Qubits.' }, finish_reason: 'stop' }],
};

describe(`${ROUTE}: what it hides and what it refuses`, () => {
  let gateway: FakeGateway;
  let key: string;

  const start = async (made = new FakeGateway()): Promise<void> => {
    gateway = made;
    key = await gateway.keyOf('acme');
    await gateway.withModel('a');
  };

  beforeEach(() => start());

  const chat = (body: object = {}) =>
    gateway.call(ROUTE, { key, body: { model: 'auto', messages: MESSAGES, ...body } });

  const newest = async () => (await gateway.observations.list({ limit: 1 })).items[0];

  describe('personal data', () => {
    const PLANTED = {
      messages: [
        { role: 'system', content: 'You write to jane@example.com.' },
        { role: 'user', content: [{ type: 'text', text: 'SSN 123-45-6789' }] },
        {
          role: 'assistant',
          content: null,
          tool_calls: [
            { id: 'c1', type: 'function', function: { name: 'pay', arguments: '{"card":4111111111111111}' } },
          ],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'sent to jane@example.com' },
      ],
      user: 'jane@example.com',
    };
    const HIDDEN = ['jane@example.com', '123-45-6789', '4111111111111111'];

    const withMode = async (pii_mode: 'off' | 'observe' | 'redact' | 'block') => {
      const models = new ScriptedModels({ a: [[document(COMPLETION), end()]] });
      await start(new FakeGateway({ client: models, policy: { pii_mode } }));
      const reply = await chat(PLANTED);
      return { reply, sent: JSON.stringify(models.calls[0]?.request.chat ?? {}) };
    };

    it('redact: the provider sees none, wherever it stood, and arguments stay JSON', async () => {
      const { sent } = await withMode('redact');

      for (const hidden of HIDDEN) expect(sent).not.toContain(hidden);
      const { messages } = JSON.parse(sent) as { messages: JsonObject[] };
      expect(messages[2]?.tool_calls).toMatchObject([
        { function: { arguments: '{"card":"[REDACTED:CREDIT_CARD]"}' } },
      ]);
    });

    it('observe: the provider sees it, the store does not', async () => {
      const { sent } = await withMode('observe');

      expect(JSON.parse(sent)).toEqual(PLANTED);
      expect(JSON.stringify(await newest())).toContain('SSN [REDACTED:SSN]');
    });

    it('off: nothing is changed', async () => {
      expect(JSON.parse((await withMode('off')).sent)).toEqual(PLANTED);
      expect((await newest())?.prompt).toBe('SSN 123-45-6789');
    });

    it('block: it is refused without its words', async () => {
      const { reply } = await withMode('block');

      expect([reply.status, reply.json.error]).toMatchObject([422, { code: 'blocked' }]);
      for (const hidden of HIDDEN) expect(reply.text).not.toContain(hidden);
    });

    it('does not return in the error that names a field', async () => {
      const { text } = await chat({
        messages: [{ role: 'user', content: 'x' }],
        tools: [{ 'jane@example.com': 1 }],
      });

      expect(text).not.toContain('jane@example.com');
    });
  });

  describe('errors are OpenAI’s', () => {
    const errorOf = (reply: { json: JsonObject }) => reply.json.error as JsonObject;

    it('401 for a key that is none', async () => {
      const reply = await gateway.call(ROUTE, {
        key: 'sk-wrong',
        body: { model: 'auto', messages: MESSAGES },
      });

      expect([reply.status, errorOf(reply)]).toMatchObject([401, { code: 'invalid_api_key', param: null }]);
    });

    it('405 for another method, and the method that there is', async () => {
      const reply = await gateway.call('GET /v1/chat/completions', { key });

      expect([reply.status, reply.headers.allow, errorOf(reply).code]).toEqual([
        405,
        'POST',
        'method_not_allowed',
      ]);
    });

    it('413 beyond 6 MiB, and nothing before', async () => {
      const large = (size: number) => chat({ messages: [{ role: 'user', content: 'x'.repeat(size) }] });

      expect((await large(6 * 1024 * 1024)).status).toBe(413);
      expect((await large(1.25 * 1024 * 1024)).status).toBe(200);
    });

    it('415 for another media type', async () => {
      const reply = await gateway.call(ROUTE, { key, raw: 'x', headers: { 'content-type': 'text/plain' } });

      expect([reply.status, errorOf(reply).code]).toEqual([415, 'unsupported_media_type']);
    });

    it('429 with retry-after and the limit', async () => {
      await gateway.asAdmin('POST /admin/quotas', { body: { tenant_id: 'acme', rate_limit: { rps: 1 } } });
      await chat();
      const reply = await chat();

      expect([reply.status, errorOf(reply)]).toMatchObject([
        429,
        { type: 'rate_limit_error', code: 'rate_limit_exceeded', message: expect.stringContaining('second') },
      ]);
      expect(reply.headers).toMatchObject({ 'retry-after': '2', 'x-ratelimit-limit': '1' });
    });

    it('402 for a budget that is spent', async () => {
      const rate_limit = { cost_per_day_usd: 0 };
      await gateway.asAdmin('POST /admin/quotas', { body: { tenant_id: 'acme', rate_limit } });
      const reply = await chat();

      expect([reply.status, errorOf(reply)]).toMatchObject([402, { code: 'insufficient_quota' }]);
    });

    it.each([
      ['fails', {}, 502, 'server_error'],
      ['refuses the request', { extensions: { upstream_status: 422 } }, 400, 'invalid_request_error'],
    ])('where the provider %s', async (_name, options, status, type) => {
      const failed = new AppError('upstream_error', 'The provider said no.', {
        retryable: false,
        ...options,
      });
      await start(new FakeGateway({ client: new ScriptedModels({ a: [[failed]] }) }));
      const reply = await chat();

      expect([reply.status, errorOf(reply)]).toEqual([
        status,
        { message: 'The provider said no.', type, param: null, code: 'upstream_error' },
      ]);
    });

    it('500 where a provider’s client breaks its word', async () => {
      await start(new FakeGateway({ client: new ScriptedModels({ a: [[end()]] }) }));

      expect((await chat()).status).toBe(500);
    });
  });
});
