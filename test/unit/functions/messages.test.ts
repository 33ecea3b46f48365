import { describe, expect, it } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { JsonObject } from '../../../shared/model/chat.ts';
import type { FinishReason } from '../../../shared/model/completion.ts';
import { messageReply } from '../../../shared/model/vendor-replies.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';
import { document, end, ScriptedModels, type Step } from '../../support/fakes/scripted-models.ts';
import { framesOf } from '../../support/fakes/server-sent-events.ts';

const ROUTE = 'POST /v1/messages';
const BODY = {
  model: 'auto',
  max_tokens: 64,
  messages: [{ role: 'user', content: 'Mail jane@example.com' }],
};
const USAGE = { tokens_in: 9, tokens_out: 3 };
const CALL = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } };

const UNTOLD = {
  cache_creation: null,
  cache_creation_input_tokens: null,
  cache_read_input_tokens: null,
  inference_geo: null,
  output_tokens_details: null,
  server_tool_use: null,
  service_tier: null,
  speed: null,
};
const text = (said: string): JsonObject => ({ type: 'text', text: said, citations: null });
const toolUse = (id: string, name: string, input = {}): JsonObject => ({
  type: 'tool_use',
  id,
  name,
  input,
  caller: { type: 'direct' },
});

const completion = (message: JsonObject, finish_reason = 'stop') =>
  document({ id: 'theirs', choices: [{ index: 0, message, finish_reason }] });
const chunk = (delta: JsonObject) => document({ choices: [{ index: 0, delta, finish_reason: null }] });

const call = async (script: readonly Step[], body: object = {}, policy = {}) => {
  const models = new ScriptedModels({ a: [script] });
  const gateway = new FakeGateway({ client: models, policy });
  await gateway.withModel('a');
  const reply = await gateway.call(ROUTE, { key: await gateway.keyOf('acme'), body: { ...BODY, ...body } });
  return { gateway, models, reply };
};

describe(ROUTE, () => {
  it('answers with Anthropic’s message, and our headers', async () => {
    const { reply } = await call([completion({ content: 'Done.' }), end(USAGE)]);

    expect(messageReply.parse(reply.json)).toEqual({
      id: `msg_${reply.headers['x-request-id']}`,
      type: 'message',
      role: 'assistant',
      model: 'a',
      content: [text('Done.')],
      stop_reason: 'end_turn',
      stop_sequence: null,
      stop_details: null,
      container: null,
      diagnostics: null,
      usage: { ...UNTOLD, input_tokens: 9, output_tokens: 3 },
    });
    expect(reply.headers).toMatchObject({
      'x-atp-model': 'a',
      'x-atp-selector': 'rust',
      'x-atp-cost-usd': '0.000024',
    });
  });

  it.each<[string, JsonObject, JsonObject[]]>([
    ['a call', { content: null, tool_calls: [CALL] }, [toolUse('c1', 'f', { a: 1 })]],
    [
      'a broken call',
      { content: 'I try.', tool_calls: [{ ...CALL, function: { name: 'f', arguments: '{"a":' } }] },
      [text('I try.'), toolUse('c1', 'f')],
    ],
    ['a refusal', { content: null, refusal: 'I will not.' }, [text('I will not.')]],
    ['nothing', { content: '' }, []],
  ])('tells %s in blocks', async (_name, message, content) => {
    const { reply } = await call([completion(message), end(USAGE)]);

    expect(messageReply.parse(reply.json).content).toEqual(content);
  });

  it.each<[FinishReason, string]>([
    ['stop', 'end_turn'],
    ['length', 'max_tokens'],
    ['tool_calls', 'tool_use'],
    ['content_filter', 'refusal'],
  ])('%s is %s', async (reason, stop) => {
    const { reply } = await call([completion({ content: 'x' }), end(USAGE, reason)]);

    expect(reply.json.stop_reason).toBe(stop);
  });

  it.each([
    ['END', ['END'], 'stop_sequence', 'END'],
    ['END', ['OTHER'], 'end_turn', null],
    [7, ['END'], 'end_turn', null],
  ])('stopped by %j of %j is %s', async (stop_reason, stop_sequences, reason, sequence) => {
    const choice = {
      index: 0,
      message: { content: 'x' },
      delta: { content: 'x' },
      finish_reason: 'stop',
      stop_reason,
    };
    const script = [document({ choices: [choice] }), end(USAGE)];
    const ending = { stop_reason: reason, stop_sequence: sequence };

    expect((await call(script, { stop_sequences })).reply.json).toMatchObject(ending);
    const { reply } = await call(script, { stop_sequences, stream: true });
    expect(framesOf(reply.text).at(-2)?.[1]).toMatchObject({ delta: ending });
  });

  it.each([
    [{ cached_tokens: 5, cache_write_tokens: 1 }, [3, 5, 1]],
    [{ cached_tokens: 5 }, [4, 5, null]],
    [{ cached_tokens: 50 }, [9, null, null]],
  ])('tells what a cache held beside the input: %j', async (prompt_tokens_details, counts) => {
    const usage = { prompt_tokens: 9, completion_tokens: 3, prompt_tokens_details };
    const script = [document({ choices: [{ message: { content: 'x' } }], usage }), end(USAGE)];
    const countsOf = (told: unknown) => {
      const { input_tokens, cache_read_input_tokens, cache_creation_input_tokens } = told as JsonObject;
      return [input_tokens, cache_read_input_tokens, cache_creation_input_tokens];
    };

    expect(countsOf((await call(script)).reply.json.usage)).toEqual(counts);
    const { reply } = await call(script, { stream: true });
    expect(countsOf(framesOf(reply.text).at(-2)?.[1].usage)).toEqual(counts);
  });

  it('bounds the answer, and asks for a model that is able', async () => {
    const tools = [{ name: 'f', input_schema: { type: 'object' } }];
    const { models } = await call([completion({ content: 'x' }), end(USAGE)], { tools });

    expect(models.calls[0]?.request).toMatchObject({ max_tokens: 64, bounded: true, documents: true });
  });

  it('hides personal data from the provider and the store', async () => {
    const script = [completion({ content: 'x' }), end(USAGE)];
    const { gateway, models } = await call(
      script,
      { system: 'For jane@example.com' },
      { pii_mode: 'redact' },
    );

    expect(models.calls[0]?.request.chat.messages).toEqual([
      { role: 'system', content: 'For [REDACTED:EMAIL]' },
      { role: 'user', content: 'Mail [REDACTED:EMAIL]' },
    ]);
    expect((await gateway.observations.list({ limit: 1 })).items[0]?.prompt).toBe('Mail [REDACTED:EMAIL]');
  });

  it('streams text and calls as blocks, one after the other', async () => {
    const { reply } = await call(
      [
        chunk({ role: 'assistant', content: '' }),
        chunk({ content: 'I ' }),
        chunk({ content: 'look.' }),
        chunk({ tool_calls: [{ index: 0, id: 'c1', function: { name: 'f', arguments: '' } }] }),
        chunk({ tool_calls: [{ index: 0, function: { arguments: '{"a":1}' } }] }),
        chunk({ tool_calls: [{ index: 1, id: 'c2', function: { name: 'g', arguments: '{}' } }] }),
        document({ choices: [], usage: {} }),
        end(USAGE, 'tool_calls'),
      ],
      { stream: true },
    );
    const frames = framesOf(reply.text);

    expect(reply.headers).toMatchObject({ 'content-type': 'text/event-stream', 'x-atp-model': 'a' });
    expect(frames.every(([event, data]) => event === data.type)).toBe(true);
    expect(frames.map(([, { type: _, ...data }]) => data)).toEqual([
      {
        message: expect.objectContaining({
          model: 'a',
          content: [],
          usage: { ...UNTOLD, input_tokens: expect.any(Number), output_tokens: 0 },
        }),
      },
      { index: 0, content_block: text('') },
      { index: 0, delta: { type: 'text_delta', text: 'I ' } },
      { index: 0, delta: { type: 'text_delta', text: 'look.' } },
      { index: 0 },
      { index: 1, content_block: toolUse('c1', 'f') },
      { index: 1, delta: { type: 'input_json_delta', partial_json: '{"a":1}' } },
      { index: 1 },
      { index: 2, content_block: toolUse('c2', 'g') },
      { index: 2, delta: { type: 'input_json_delta', partial_json: '{}' } },
      { index: 2 },
      {
        delta: { stop_reason: 'tool_use', stop_sequence: null, stop_details: null, container: null },
        usage: { ...UNTOLD, input_tokens: 9, output_tokens: 3 },
      },
      {},
    ]);
    expect(frames.at(-1)?.[0]).toBe('message_stop');
  });

  it('ends a stream that breaks off with an error, and without message_stop', async () => {
    const { reply, gateway } = await call([chunk({ content: 'half' }), new Error('secret words')], {
      stream: true,
    });
    const frames = framesOf(reply.text);

    expect(frames.at(-1)).toEqual([
      'error',
      expect.objectContaining({ error: { type: 'api_error', message: expect.any(String) } }),
    ]);
    expect(reply.text).not.toMatch(/secret|message_stop/);
    expect(gateway.log.endings.at(-1)?.scope.facts.error_code).toBe('upstream_error');
  });

  it('says that nothing was said', async () => {
    const { reply } = await call([end(USAGE)], { stream: true });

    expect(framesOf(reply.text).map(([event]) => event)).toEqual([
      'message_start',
      'message_delta',
      'message_stop',
    ]);
  });

  describe('errors are Anthropic’s', () => {
    it.each<[number, string, object]>([
      [400, 'invalid_request_error', { max_tokens: 0 }],
      [404, 'not_found_error', { model: 'nobody' }],
      [422, 'invalid_request_error', { messages: [{ role: 'user', content: 'x'.repeat(5_000_000) }] }],
    ])('%i %s', async (status, type, body) => {
      const { reply } = await call([completion({ content: 'x' }), end(USAGE)], body);

      expect([reply.status, reply.json]).toEqual([
        status,
        {
          type: 'error',
          error: { type, message: expect.any(String) },
          request_id: reply.headers['x-request-id'],
        },
      ]);
    });

    it('401 and 405', async () => {
      const gateway = new FakeGateway();
      const errorOf = async (target: string, key: string) => {
        const { status, json } = await gateway.call(target, { key, body: BODY });
        return [status, (json.error as JsonObject).type];
      };

      expect(await errorOf(ROUTE, 'sk-ant-wrong')).toEqual([401, 'authentication_error']);
      expect(await errorOf('GET /v1/messages', 'x')).toEqual([405, 'invalid_request_error']);
    });

    it.each([
      [502, 'api_error', {}],
      [400, 'invalid_request_error', { extensions: { upstream_status: 400 } }],
    ])('%i where the provider failed or refused', async (status, type, options) => {
      const { reply } = await call([new AppError('upstream_error', 'No.', { retryable: false, ...options })]);

      expect([reply.status, (reply.json.error as JsonObject).type]).toEqual([status, type]);
    });
  });
});
