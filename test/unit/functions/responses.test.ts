import { describe, expect, it } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { JsonObject } from '../../../shared/model/chat.ts';
import type { FinishReason } from '../../../shared/model/completion.ts';
import { responseReply } from '../../../shared/model/vendor-replies.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';
import { START_MS } from '../../support/fakes/manual-clock.ts';
import { document, end, ScriptedModels, type Step } from '../../support/fakes/scripted-models.ts';
import { framesOf } from '../../support/fakes/server-sent-events.ts';

const ROUTE = 'POST /v1/responses';
const BODY = { model: 'auto', input: 'Mail jane@example.com' };
const USAGE = { tokens_in: 9, tokens_out: 3 };
const CALL = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } };
const ID = 'request-0001';

const completion = (message: JsonObject, usage?: JsonObject) =>
  document({ id: 'theirs', choices: [{ index: 0, message, finish_reason: 'stop' }], usage });
const chunk = (delta: JsonObject) => document({ choices: [{ index: 0, delta, finish_reason: null }] });

const call = async (script: readonly Step[], body: object = {}, policy = {}) => {
  const models = new ScriptedModels({ a: [script] });
  const gateway = new FakeGateway({ client: models, policy });
  await gateway.withModel('a');
  const key = await gateway.keyOf('acme');
  const headers = { 'x-request-id': ID };
  const reply = await gateway.call(ROUTE, { key, headers, body: { ...BODY, ...body } });
  return { gateway, models, reply };
};

const message = (index: number, text: string, status = 'completed') => ({
  id: `msg_${ID}_${index}`,
  type: 'message',
  status,
  role: 'assistant',
  content: [{ type: 'output_text', text, annotations: [], logprobs: [] }],
});

const functionCall = (index: number, call_id: string, status = 'completed') => ({
  id: `fc_${ID}_${index}`,
  type: 'function_call',
  status,
  call_id,
  name: 'f',
  arguments: '{"a":1}',
});

describe(ROUTE, () => {
  it('answers with OpenAI’s response, what was asked in it, and our headers', async () => {
    const asked = {
      instructions: 'Be brief.',
      max_output_tokens: 50,
      metadata: { a: 'b' },
      temperature: 0.5,
      user: 'u-1',
    };
    const { reply } = await call([completion({ content: 'Done.' }), end(USAGE)], asked);

    expect(responseReply.parse(reply.json)).toEqual({
      id: `resp_${ID}`,
      object: 'response',
      created_at: START_MS / 1_000,
      model: 'a',
      status: 'completed',
      access_programs: null,
      error: null,
      incomplete_details: null,
      output: [message(0, 'Done.')],
      usage: {
        input_tokens: 9,
        input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
        output_tokens: 3,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: 12,
      },
      parallel_tool_calls: true,
      previous_response_id: null,
      reasoning: { effort: null, summary: null },
      store: false,
      text: { format: { type: 'text' } },
      tool_choice: 'auto',
      tools: [],
      top_p: 1,
      truncation: 'disabled',
      ...asked,
    });
    expect(reply.headers).toMatchObject({ 'x-atp-model': 'a', 'x-atp-cost-usd': '0.000024' });
  });

  it.each<[string, JsonObject, JsonObject[]]>([
    ['a call', { content: null, tool_calls: [CALL] }, [functionCall(0, 'c1')]],
    [
      'a text and two calls',
      { content: 'I look.', tool_calls: [CALL, { ...CALL, id: 'c2' }] },
      [message(0, 'I look.'), functionCall(1, 'c1'), functionCall(2, 'c2')],
    ],
    [
      'a refusal',
      { content: null, refusal: 'No.' },
      [{ ...message(0, ''), content: [{ type: 'refusal', refusal: 'No.' }] }],
    ],
    [
      'a call without a name',
      { tool_calls: [{ type: 'function' }] },
      [{ ...functionCall(0, `call_${ID}_0`), name: '', arguments: '' }],
    ],
    ['nothing', { content: '' }, []],
  ])('tells %s in items', async (_name, said, output) => {
    const { reply } = await call([completion(said), end(USAGE)]);

    expect(responseReply.parse(reply.json).output).toEqual(output);
  });

  it.each<[FinishReason, string, object | null]>([
    ['stop', 'completed', null],
    ['tool_calls', 'completed', null],
    ['length', 'incomplete', { reason: 'max_output_tokens' }],
    ['content_filter', 'incomplete', { reason: 'content_filter' }],
  ])('%s is %s', async (reason, status, details) => {
    const { reply } = await call([completion({ content: 'x' }), end(USAGE, reason)]);

    expect(responseReply.parse(reply.json)).toMatchObject({
      status,
      incomplete_details: details,
      output: [{ status }],
    });
  });

  it('tells what the provider says of its tokens', async () => {
    const usage = {
      prompt_tokens_details: { cached_tokens: 5 },
      completion_tokens_details: { reasoning_tokens: 2 },
    };
    const { reply } = await call([completion({ content: 'x' }, usage), end(USAGE)]);

    expect(reply.json.usage).toMatchObject({
      input_tokens_details: { cached_tokens: 5 },
      output_tokens_details: { reasoning_tokens: 2 },
    });
  });

  it.each([
    ['tells the provider of the bound that is asked for', { max_output_tokens: 64 }, true],
    ['leaves the bound to the provider otherwise', {}, false],
  ])('%s', async (_name, body, bounded) => {
    const { models } = await call([completion({ content: 'x' }), end(USAGE)], body);

    expect(models.calls[0]?.request).toMatchObject({ bounded, documents: true });
  });

  it('hides personal data from the provider and the store', async () => {
    const script = [completion({ content: 'x' }), end(USAGE)];
    const { gateway, models } = await call(
      script,
      { instructions: 'For jane@example.com' },
      { pii_mode: 'redact' },
    );

    expect(models.calls[0]?.request.chat.messages).toEqual([
      { role: 'system', content: 'For [REDACTED:EMAIL]' },
      { role: 'user', content: 'Mail [REDACTED:EMAIL]' },
    ]);
    const observed = await gateway.observations.list({ limit: 9 });
    expect(observed.items.map(({ prompt }) => prompt)).toEqual(['Mail [REDACTED:EMAIL]']);
  });

  it('streams a text as the events of an item, numbered', async () => {
    const script = [
      chunk({ role: 'assistant', content: '' }),
      chunk({ content: 'Do' }),
      chunk({ content: 'ne.' }),
    ];
    const usage = { completion_tokens_details: { reasoning_tokens: 2 } };
    const { reply } = await call([...script, document({ choices: [], usage }), end(USAGE)], { stream: true });
    const frames = framesOf(reply.text);
    const at = { item_id: `msg_${ID}_0`, output_index: 0, content_index: 0 };
    const part = (text: string) => ({ type: 'output_text', text, annotations: [], logprobs: [] });

    expect(reply.headers).toMatchObject({ 'content-type': 'text/event-stream', 'x-atp-model': 'a' });
    expect(frames.every(([event, { type }]) => event === type)).toBe(true);
    expect(frames.map(([, { sequence_number }]) => sequence_number)).toEqual([...frames.keys()]);
    expect(frames.slice(2, -1).map(([, { sequence_number: _, ...data }]) => data)).toEqual([
      {
        type: 'response.output_item.added',
        output_index: 0,
        item: { ...message(0, '', 'in_progress'), content: [] },
      },
      { type: 'response.content_part.added', ...at, part: part('') },
      { type: 'response.output_text.delta', ...at, delta: 'Do', logprobs: [] },
      { type: 'response.output_text.delta', ...at, delta: 'ne.', logprobs: [] },
      { type: 'response.output_text.done', ...at, text: 'Done.', logprobs: [] },
      { type: 'response.content_part.done', ...at, part: part('Done.') },
      { type: 'response.output_item.done', output_index: 0, item: message(0, 'Done.') },
    ]);
    const [created, progress, completed] = [0, 1, -1].map((index) => frames.at(index));
    expect([created?.[0], progress?.[0], completed?.[0]]).toEqual([
      'response.created',
      'response.in_progress',
      'response.completed',
    ]);
    for (const [, { response }] of frames.slice(0, 2))
      expect(response).toMatchObject({ status: 'in_progress', output: [], usage: null, model: 'a' });
    const last = responseReply.parse(completed?.[1].response);
    expect(last.output).toEqual([message(0, 'Done.')]);
    expect(last.usage).toMatchObject({ input_tokens: 9, output_tokens_details: { reasoning_tokens: 2 } });
  });

  it('streams calls and refusals one after the other', async () => {
    const { reply } = await call(
      [
        chunk({ refusal: 'No' }),
        chunk({ refusal: '.' }),
        chunk({ tool_calls: [{ index: 0, id: 'c1', function: { name: 'f', arguments: '' } }] }),
        chunk({ tool_calls: [{ index: 0, function: { arguments: '{"a":1}' } }] }),
        chunk({ tool_calls: [{ index: 1, id: 'c2', function: { name: 'f', arguments: '{"a":1}' } }] }),
        end(USAGE, 'length'),
      ],
      { stream: true },
    );
    const frames = framesOf(reply.text);

    expect(frames.map(([event]) => event?.replace('response.', ''))).toEqual([
      ...[
        'created',
        'in_progress',
        'output_item.added',
        'content_part.added',
        'refusal.delta',
        'refusal.delta',
      ],
      ...['refusal.done', 'content_part.done', 'output_item.done'],
      ...['output_item.added', 'function_call_arguments.delta'],
      ...['function_call_arguments.done', 'output_item.done', 'output_item.added'],
      ...['function_call_arguments.delta', 'function_call_arguments.done', 'output_item.done', 'incomplete'],
    ]);
    const done = frames.filter(([event]) => event === 'response.function_call_arguments.done');
    expect(done.map(([, data]) => [data.output_index, data.item_id, data.arguments])).toEqual([
      [1, `fc_${ID}_1`, '{"a":1}'],
      [2, `fc_${ID}_2`, '{"a":1}'],
    ]);
    expect(responseReply.parse(frames.at(-1)?.[1].response).output.slice(1)).toEqual([
      functionCall(1, 'c1'),
      functionCall(2, 'c2', 'incomplete'),
    ]);
  });

  it('ends a stream that breaks off as failed, with what was said', async () => {
    const { reply, gateway } = await call([chunk({ content: 'half' }), new Error('secret words')], {
      stream: true,
    });
    const [event, data] = framesOf(reply.text).at(-1) ?? [];

    expect(event).toBe('response.failed');
    expect(data?.response).toMatchObject({
      status: 'failed',
      error: { code: 'server_error', message: expect.any(String) },
      output: [message(0, 'half', 'incomplete')],
    });
    expect(reply.text).not.toMatch(/secret|completed/);
    expect(gateway.log.endings.at(-1)?.scope.facts.error_code).toBe('upstream_error');
  });

  it('errors before the first event are OpenAI’s', async () => {
    const refused = new AppError('upstream_error', 'No.', {
      retryable: false,
      extensions: { upstream_status: 400 },
    });
    const { reply } = await call([refused], { stream: true });

    expect([reply.status, reply.json]).toEqual([
      400,
      { error: { message: 'No.', type: 'invalid_request_error', param: null, code: 'upstream_error' } },
    ]);
  });
});
