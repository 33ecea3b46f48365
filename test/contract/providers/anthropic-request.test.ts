import { describe, expect, it } from 'vitest';
import type { ChatBody, JsonObject } from '../../../shared/model/chat.ts';
import type { ModelRequest } from '../../../shared/model/completion.ts';
import { anthropic, CALL, TEXT } from './anthropic-subject.ts';
import { sendJson } from './fake-upstream.ts';

const { upstream, ask } = anthropic();
const HI = { type: 'text', text: 'Hi' };

const sent = async (chat: Partial<ChatBody>, fields: Partial<ModelRequest> = {}): Promise<JsonObject> => {
  upstream.behave(sendJson(TEXT));
  await ask({ chat: { messages: [{ role: 'user', content: 'Hi' }], ...chat }, ...fields });
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

  it('carries images, by address or as they are, and what the assistant refused', async () => {
    const content = [
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
      { type: 'image_url', image_url: { url: 'https://a.example/b.png' } },
    ];
    const refusal = [{ type: 'refusal', refusal: 'I will not.' }];
    const body = await sent({
      messages: [
        { role: 'user', content },
        { role: 'assistant', content: refusal },
      ],
    });

    expect(body.messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
          { type: 'image', source: { type: 'url', url: 'https://a.example/b.png' } },
        ],
      },
      { role: 'assistant', content: [{ type: 'text', text: 'I will not.' }] },
    ]);
  });

  it.each<[string, Partial<ChatBody>]>([
    ['/messages/0/content/1/type', { messages: [{ role: 'user', content: [HI, { type: 'input_audio' }] }] }],
    ['/messages/0/content/1/type', { messages: [{ role: 'user', content: [HI, { type: 'file' }] }] }],
    ['/tools/0/type', { tools: [{ type: 'custom', custom: { name: 'f' } }] }],
    ['/functions', { functions: [{ name: 'f' }] }],
  ])('is not made where the answer would lack what is at %s', async (path, chat) => {
    const { error } = await ask({ chat: { messages: [{ role: 'user', content: 'Hi' }], ...chat } });

    expect(error).toMatchObject({
      retryable: false,
      extensions: { upstream_status: 400 },
      errors: [{ path }],
    });
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
    const { error } = await ask({ chat });

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
