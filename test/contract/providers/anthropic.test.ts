import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemorySecretStore } from '../../../shared/adapters/memory/secret-store.ts';
import { AnthropicClient } from '../../../shared/adapters/providers/anthropic/client.ts';
import { ProviderHttpClient } from '../../../shared/adapters/providers/http-client.ts';
import type { Adapter } from '../../../shared/model/adapter.ts';
import type { ChatBody, JsonObject } from '../../../shared/model/chat.ts';
import type { ModelRequest } from '../../../shared/model/completion.ts';
import { isPrivateAddress } from '../../../shared/services/base-url.ts';
import { ManualClock, START_MS } from '../../support/fakes/manual-clock.ts';
import { event, message, messageEvents } from './anthropic-replies.ts';
import { anAdapter, aRequest, receive } from './calls.ts';
import { FakeUpstream, sendJson, sendStream } from './fake-upstream.ts';

const upstream = new FakeUpstream();
const http = new ProviderHttpClient({ isPrivateAddress, allowPrivate: true });
const secrets = new MemorySecretStore({ 'vendor/key': 'sk-ant-test' });
const client = new AnthropicClient({ http, secrets, clock: new ManualClock() });
const created = START_MS / 1_000;
let adapter: Adapter;

beforeAll(async () => {
  adapter = anAdapter({ provider: 'anthropic', base_url: await upstream.start(), secret_name: 'vendor/key' });
});

afterAll(async () => {
  await upstream.stop();
  await http.close();
});

const TEXT = message([{ type: 'text', text: 'ok' }]);
const USAGE = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };
const CALL = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } };

const sent = async (chat: Partial<ChatBody>, fields: Partial<ModelRequest> = {}): Promise<JsonObject> => {
  upstream.behave(sendJson(TEXT));
  const body = { messages: [{ role: 'user', content: 'Hi' }], ...chat };
  await receive(client, adapter, aRequest({ chat: body, ...fields }));
  return upstream.received[0]?.body ?? {};
};

describe('the request to Anthropic', () => {
  it('carries key, version, model, messages and the bound that it must have', async () => {
    const body = await sent({});

    expect(upstream.received[0]).toMatchObject({
      path: '/v1/messages',
      headers: { 'x-api-key': 'sk-ant-test', 'anthropic-version': '2023-06-01' },
    });
    expect(body).toEqual({
      model: 'vendor-model',
      max_tokens: 500,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
    });
  });

  it('gives the instructions apart, and each side one turn at a time', async () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'developer', content: [{ type: 'text', text: 'Be kind.' }] },
      { role: 'user', content: 'first' },
      {
        role: 'user',
        content: [
          { type: 'text', text: '' },
          { type: 'text', text: 'second' },
        ],
      },
      {
        role: 'assistant',
        content: null,
        tool_calls: [CALL, { ...CALL, id: 'c2', function: { name: 'g', arguments: 'x' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'one' },
      { role: 'tool', tool_call_id: 'c2', content: [{ type: 'text', text: 'two' }] },
      { role: 'user', content: 'And?' },
    ];

    expect(await sent({ messages })).toMatchObject({
      system: 'Be brief.\n\nBe kind.',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'first' },
            { type: 'text', text: 'second' },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'tool_use', id: 'c1', name: 'f', input: { a: 1 } },
            { type: 'tool_use', id: 'c2', name: 'g', input: {} },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'c1', content: 'one' },
            { type: 'tool_result', tool_use_id: 'c2', content: 'two' },
            { type: 'text', text: 'And?' },
          ],
        },
      ],
    });
  });

  it('carries images, by address or as they are, and leaves out what has no counterpart', async () => {
    const content = [
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
      { type: 'image_url', image_url: { url: 'https://a.example/b.png' } },
      { type: 'input_audio', input_audio: {} },
    ];
    const body = await sent({ messages: [{ role: 'user', content }] });

    expect(body.messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
          { type: 'image', source: { type: 'url', url: 'https://a.example/b.png' } },
        ],
      },
    ]);
  });

  it.each<[string, JsonObject, JsonObject]>([
    ['one stop sequence', { stop: 'END' }, { stop_sequences: ['END'] }],
    ['several', { stop: ['a', 'b'] }, { stop_sequences: ['a', 'b'] }],
    ['a temperature beyond its scale', { temperature: 1.7, top_p: 0.5 }, { temperature: 1, top_p: 0.5 }],
    [
      'a JSON schema',
      { response_format: { type: 'json_schema', json_schema: { name: 's', schema: { type: 'object' } } } },
      { output_config: { format: { type: 'json_schema', schema: { type: 'object' } } } },
    ],
    ['the user', { user: 'u-1' }, { metadata: { user_id: 'u-1' } }],
    ['nothing that it does not know', { seed: 1, logprobs: true, n: 2, max_tokens: 9, something_new: 1 }, {}],
  ])('carries %s', async (_name, fields, expected) => {
    const { model: _, max_tokens: __, messages: ___, ...rest } = await sent(fields);

    expect(rest).toEqual(expected);
  });

  it.each<[unknown, JsonObject]>([
    [undefined, { type: 'auto' }],
    ['none', { type: 'none' }],
    ['required', { type: 'any' }],
    [
      { type: 'function', function: { name: 'f' } },
      { type: 'tool', name: 'f' },
    ],
  ])('carries its tools and the choice %j', async (tool_choice, expected) => {
    const tools = [
      { type: 'function', function: { name: 'f', description: 'Finds.', parameters: { type: 'object' } } },
      { type: 'function', function: { name: 'g' } },
    ];
    const body = await sent({ tools, tool_choice });

    expect(body).toMatchObject({
      tools: [
        { name: 'f', description: 'Finds.', input_schema: { type: 'object' } },
        { name: 'g', input_schema: { type: 'object' } },
      ],
      tool_choice: expected,
    });
  });

  it('is not sent for JSON without a schema', async () => {
    upstream.behave(sendJson(TEXT));
    const chat = { messages: [], response_format: { type: 'json_object' } };
    const { error } = await receive(client, adapter, aRequest({ chat }));

    expect([upstream.received, error]).toMatchObject([
      [],
      { code: 'upstream_error', errors: [{ path: '/response_format/type' }] },
    ]);
  });

  it('forbids calls side by side where the caller does', async () => {
    const tools = [{ type: 'function', function: { name: 'f' } }];

    expect((await sent({ tools, parallel_tool_calls: false })).tool_choice).toEqual({
      type: 'auto',
      disable_parallel_tool_use: true,
    });
  });
});

describe('the answer of Anthropic', () => {
  const whole = async (body: string, fields: Partial<ModelRequest> = {}) => {
    upstream.behave(sendJson(body));
    return receive(client, adapter, aRequest({ documents: true, ...fields }));
  };
  const streamed = async (events: readonly string[], documents = true) => {
    upstream.behave(sendStream(...events));
    return receive(client, adapter, aRequest({ documents, stream: true }));
  };

  it('is a completion, with what was read from a cache among what was sent', async () => {
    const { documents, end } = await whole(TEXT);

    expect(documents).toEqual([
      {
        id: 'msg_1',
        object: 'chat.completion',
        created,
        choices: [
          {
            index: 0,
            message: { role: 'assistant', content: 'ok', refusal: null },
            logprobs: null,
            finish_reason: 'stop',
          },
        ],
        usage: USAGE,
      },
    ]);
    expect(end).toEqual({ type: 'end', finish_reason: 'stop', usage: { tokens_in: 7, tokens_out: 3 } });
  });

  it('holds its calls', async () => {
    const content = [{ type: 'tool_use', id: 'c1', name: 'f', input: { a: 1 } }];
    const { documents } = await whole(message(content, { stop_reason: 'tool_use' }));

    expect(documents[0]).toMatchObject({
      choices: [{ message: { content: null, tool_calls: [CALL] }, finish_reason: 'tool_calls' }],
    });
  });

  it.each([
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['refusal', 'content_filter'],
    ['something_new', 'stop'],
  ])('ended by %s is ended by %s', async (stop_reason, reason) => {
    expect((await whole(message([], { stop_reason }))).end).toMatchObject({ finish_reason: reason });
  });

  it('has no usage where none can be read', async () => {
    const { documents, end } = await whole(message([], { usage: { input_tokens: -1 } }));

    expect(documents[0]).not.toHaveProperty('usage');
    expect(end).toEqual({ type: 'end', finish_reason: 'stop' });
  });

  it('is chunks where it streams, the usage last', async () => {
    const { documents, end } = await streamed(
      messageEvents(
        { text: 'I ' },
        { id: 'c1', name: 'f' },
        { partial_json: '{"a":' },
        { partial_json: '1}' },
      ),
    );
    const head = { id: 'msg_1', object: 'chat.completion.chunk', created };
    const delta = (said: JsonObject, finish_reason: string | null = null) => ({
      ...head,
      choices: [{ index: 0, delta: said, logprobs: null, finish_reason }],
    });

    expect(documents).toEqual([
      delta({ role: 'assistant', content: '' }),
      delta({ content: 'I ' }),
      delta({
        tool_calls: [{ index: 0, id: 'c1', type: 'function', function: { name: 'f', arguments: '' } }],
      }),
      delta({ tool_calls: [{ index: 0, function: { arguments: '{"a":' } }] }),
      delta({ tool_calls: [{ index: 0, function: { arguments: '1}' } }] }),
      delta({}, 'stop'),
      { ...head, choices: [], usage: USAGE },
    ]);
    expect(end).toMatchObject({ usage: { tokens_in: 7, tokens_out: 3 } });
  });

  it('is text where text is wanted', async () => {
    const { pieces, documents } = await streamed(messageEvents({ text: 'I ' }, { text: 'do.' }), false);

    expect([pieces, documents]).toEqual([['I ', 'do.'], []]);
  });

  it('is one chunk where a stream was wanted and a message came', async () => {
    const { documents } = await whole(TEXT, { stream: true });

    expect(documents).toMatchObject([
      { object: 'chat.completion.chunk', choices: [{ delta: { content: 'ok' } }] },
    ]);
  });

  it('that ends in an error is an error', async () => {
    const [start = ''] = messageEvents();
    const { error } = await streamed([start, event('error', { error: { type: 'overloaded_error' } })]);

    expect(error).toMatchObject({ code: 'upstream_error' });
  });

  it.each([
    ['a message', '{"id":"msg_1"}', false],
    ['an event', 'data: {"index":1}\n\n', true],
  ])('that is no %s is an error', async (_name, body, stream) => {
    upstream.behave(stream ? sendStream(body) : sendJson(body));

    const { error } = await receive(client, adapter, aRequest({ stream }));

    expect(error).toMatchObject({ code: 'upstream_error' });
  });
});
