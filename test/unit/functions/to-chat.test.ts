import { describe, expect, it } from 'vitest';
import { messagesSchema } from '../../../functions/completions/anthropic/schema.ts';
import { toChat } from '../../../functions/completions/anthropic/to-chat.ts';
import { fieldErrors } from '../../../shared/middleware/parse-body.ts';

const BASE = { model: 'auto', max_tokens: 64, messages: [{ role: 'user', content: 'Hi' }] };
const TOOL = { name: 'f', description: 'Finds.', input_schema: { type: 'object' } };

const chatOf = (fields: object) => toChat(messagesSchema.parse({ ...BASE, ...fields }));
const messagesOf = (...messages: object[]) => chatOf({ messages }).messages;

describe('Anthropic’s messages as a chat', () => {
  it('keep their texts, the system’s first', () => {
    const system = [
      { type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } },
      { type: 'text', text: 'Be kind.' },
    ];
    expect(chatOf({ system }).messages).toEqual([
      { role: 'system', content: 'Be brief.\nBe kind.' },
      { role: 'user', content: 'Hi' },
    ]);
    expect(chatOf({ system: 'Be brief.' }).messages[0]).toEqual({ role: 'system', content: 'Be brief.' });
  });

  it('keep images, by address or as they are', () => {
    const content = [
      { type: 'image', source: { type: 'url', url: 'https://a.example/b.png' } },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
      { type: 'text', text: 'What is it?' },
    ];
    expect(messagesOf({ role: 'user', content })).toEqual([
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: 'https://a.example/b.png' } },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
          { type: 'text', text: 'What is it?' },
        ],
      },
    ]);
  });

  it('keep calls and their results, the results before what the user says besides', () => {
    const use = { type: 'tool_use', id: 'c1', name: 'f', input: { a: 1 } };
    const thinking = { type: 'thinking', thinking: 'Hm.', signature: 's' };
    const result = { type: 'tool_result', tool_use_id: 'c1', content: [{ type: 'text', text: 'found' }] };
    const call = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } };

    expect(
      messagesOf(
        { role: 'assistant', content: [thinking, { type: 'text', text: 'I look.' }, use] },
        { role: 'user', content: [{ type: 'text', text: 'And?' }, result] },
        { role: 'assistant', content: [use] },
        { role: 'user', content: [{ ...result, content: 'nothing' }] },
      ),
    ).toEqual([
      { role: 'assistant', content: 'I look.', tool_calls: [call] },
      { role: 'tool', tool_call_id: 'c1', content: 'found' },
      { role: 'user', content: [{ type: 'text', text: 'And?' }] },
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'c1', content: 'nothing' },
    ]);
  });

  it('keep the images in results, after all results', () => {
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } };
    const results = [
      { type: 'tool_result', tool_use_id: 'c1', content: [{ type: 'text', text: 'seen' }, image] },
      { type: 'tool_result', tool_use_id: 'c2' },
    ];

    expect(messagesOf({ role: 'user', content: [...results, { type: 'text', text: 'And?' }] })).toEqual([
      { role: 'tool', tool_call_id: 'c1', content: 'seen' },
      { role: 'tool', tool_call_id: 'c2', content: '' },
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
          { type: 'text', text: 'And?' },
        ],
      },
    ]);
  });

  it('keep the schema of the answer', () => {
    const schema = { type: 'object' };

    expect(chatOf({ output_config: { effort: 'low', format: { type: 'json_schema', schema } } })).toEqual({
      messages: BASE.messages,
      response_format: { type: 'json_schema', json_schema: { name: 'answer', schema } },
    });
  });

  it.each([
    [{ type: 'auto' }, { tool_choice: 'auto' }],
    [{ type: 'any' }, { tool_choice: 'required' }],
    [{ type: 'none' }, { tool_choice: 'none' }],
    [
      { type: 'tool', name: 'f', disable_parallel_tool_use: true },
      { tool_choice: { type: 'function', function: { name: 'f' } }, parallel_tool_calls: false },
    ],
  ])('keep their tools and the choice %j', (tool_choice, choice) => {
    const { messages: _, ...rest } = chatOf({ tools: [TOOL], tool_choice });

    expect(rest).toEqual({
      tools: [
        { type: 'function', function: { name: 'f', description: 'Finds.', parameters: TOOL.input_schema } },
      ],
      ...choice,
    });
  });

  it('rename what has another name, drop what has none, and pass on the rest', () => {
    const { messages: _, ...rest } = chatOf({
      stop_sequences: ['END'],
      metadata: { user_id: 'u-1' },
      temperature: 0.5,
      top_k: 5,
      thinking: { type: 'disabled' },
      stream: false,
      something_new: 1,
    });

    expect(rest).toEqual({ stop: ['END'], user: 'u-1', temperature: 0.5, stream: false, something_new: 1 });
  });
});

describe('a message request', () => {
  const faults = (fields: object): string[] => {
    const parsed = messagesSchema.safeParse({ ...BASE, ...fields });
    return parsed.success ? [] : fieldErrors(parsed.error).map(({ path }) => path);
  };
  const content = (...blocks: unknown[]) => ({ messages: [{ role: 'user', content: blocks }] });

  it.each<[string, object]>([
    ['/model', { model: 7 }],
    ['/max_tokens', { max_tokens: undefined }],
    ['/max_tokens', { max_tokens: 0 }],
    ['/messages', { messages: [] }],
    ['/messages/0/role', { messages: [{ role: 'system', content: 'Hi' }] }],
    ['/messages/0/content', { messages: [{ role: 'user', content: null }] }],
    ['/messages/0/content/0/type', content('Hi')],
    ['/messages/0/content/0/type', content({ type: 'video' })],
    ['/messages/0/content/1/text', content({ type: 'text', text: 'Hi' }, { type: 'text', text: 1 })],
    [
      '/messages/0/content/0/source/data',
      content({ type: 'image', source: { type: 'base64', media_type: 'image/png' } }),
    ],
    ['/messages/0/content/0/tool_use_id', content({ type: 'tool_result' })],
    [
      '/messages/0/content/0/content/0/type',
      content({ type: 'tool_result', tool_use_id: 'c1', content: [{ type: 'document' }] }),
    ],
    ['/mcp_servers', { mcp_servers: [{ type: 'url', url: 'https://a.example', name: 'a' }] }],
    ['/container', { container: 'c1' }],
    ['/output_config/format/schema', { output_config: { format: { type: 'json_schema' } } }],
    ['/messages/0/content/0/type', content({ type: 'tool_use', id: 'c1', name: 'f', input: {} })],
    [
      '/messages/0/content/0/type',
      {
        messages: [{ role: 'assistant', content: [{ type: 'tool_result', tool_use_id: 'c1' }] }],
      },
    ],
    ['/system', { system: 7 }],
    ['/temperature', { temperature: 1.5 }],
    ['/tools/0/input_schema', { tools: [{ name: 'f' }] }],
    ['/tools/0/type', { tools: [{ ...TOOL, type: 'web_search_20250305' }] }],
    ['/tool_choice/type', { tools: [TOOL], tool_choice: { type: 'some' } }],
    ['/tool_choice/name', { tools: [TOOL], tool_choice: { type: 'tool', name: 'g' } }],
    ['/tool_choice', { tool_choice: { type: 'any' } }],
  ])('is refused at %s: %j', (path, fields) => {
    expect(faults(fields)).toEqual([path]);
  });
});
