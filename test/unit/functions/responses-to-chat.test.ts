import { describe, expect, it } from 'vitest';
import { responsesSchema } from '../../../functions/completions/responses/schema.ts';
import { toChat } from '../../../functions/completions/responses/to-chat.ts';
import { fieldErrors } from '../../../shared/middleware/parse-body.ts';

const BASE = { model: 'auto', input: 'Hi' };
const TOOL = {
  type: 'function',
  name: 'f',
  description: 'Finds.',
  parameters: { type: 'object' },
  strict: true,
};
const CALL = { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' };

const chatOf = (fields: object) => toChat(responsesSchema.parse({ ...BASE, ...fields }));
const messagesOf = (...input: object[]) => chatOf({ input }).messages;

describe('a response request as a chat', () => {
  it('keeps its texts, the instructions first', () => {
    expect(chatOf({ instructions: 'Be brief.' }).messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hi' },
    ]);
  });

  it('keeps messages, what was said and refused before among them', () => {
    const said = [
      { type: 'output_text', text: 'One.', annotations: [] },
      { type: 'refusal', refusal: 'Two.' },
    ];
    expect(
      messagesOf(
        { role: 'developer', content: 'Be kind.' },
        { type: 'message', role: 'assistant', id: 'msg_1', status: 'completed', content: said },
        { role: 'user', content: [{ type: 'input_text', text: 'More?' }] },
      ),
    ).toEqual([
      { role: 'system', content: 'Be kind.' },
      { role: 'assistant', content: 'One.\nTwo.' },
      { role: 'user', content: [{ type: 'text', text: 'More?' }] },
    ]);
  });

  it('keeps images', () => {
    const image = { type: 'input_image', image_url: 'https://a.example/b.png' };
    const content = [image, { ...image, detail: 'low' }];
    expect(messagesOf({ role: 'user', content })).toEqual([
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: 'https://a.example/b.png' } },
          { type: 'image_url', image_url: { url: 'https://a.example/b.png', detail: 'low' } },
        ],
      },
    ]);
  });

  it('gathers calls into what the assistant said, and leaves thoughts out', () => {
    const call = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } };
    expect(
      messagesOf(
        { role: 'user', content: 'Go.' },
        { type: 'reasoning', id: 'rs_1', summary: [] },
        CALL,
        { ...CALL, call_id: 'c2' },
        { type: 'function_call_output', call_id: 'c1', output: 'one' },
        { type: 'function_call_output', call_id: 'c2', output: [{ type: 'input_text', text: 'two' }] },
        { role: 'assistant', content: 'Again.' },
        CALL,
      ),
    ).toEqual([
      { role: 'user', content: 'Go.' },
      { role: 'assistant', content: null, tool_calls: [call, { ...call, id: 'c2' }] },
      { role: 'tool', tool_call_id: 'c1', content: 'one' },
      { role: 'tool', tool_call_id: 'c2', content: 'two' },
      { role: 'assistant', content: 'Again.', tool_calls: [call] },
    ]);
  });

  it('keeps tools and the choice of one', () => {
    const { type: _, ...declared } = TOOL;
    expect(chatOf({ tools: [TOOL], tool_choice: { type: 'function', name: 'f' } })).toMatchObject({
      tools: [{ type: 'function', function: declared }],
      tool_choice: { type: 'function', function: { name: 'f' } },
    });
    expect(chatOf({ tools: [{ type: 'function', name: 'f' }], tool_choice: 'required' })).toMatchObject({
      tools: [{ type: 'function', function: { name: 'f' } }],
      tool_choice: 'required',
    });
    expect(chatOf({ tools: [] })).not.toHaveProperty('tools');
  });

  it.each([
    [{ type: 'text' }, undefined],
    [{ type: 'json_object' }, { type: 'json_object' }],
    [
      { type: 'json_schema', name: 'n', schema: { type: 'object' }, strict: true },
      { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object' }, strict: true } },
    ],
    [
      { type: 'json_schema', schema: {} },
      { type: 'json_schema', json_schema: { name: 'response', schema: {} } },
    ],
  ])('asks for the format %j', (format, response_format) => {
    const chat = chatOf({ text: { format, verbosity: 'low' } });

    expect([chat.response_format, chat.verbosity]).toEqual([response_format, 'low']);
  });

  it('passes on what has the same name, and nothing that has no meaning in a chat', () => {
    const same = { temperature: 1, top_p: 0.5, user: 'u', parallel_tool_calls: false, service_tier: 'flex' };
    const { messages: _, ...rest } = chatOf({
      ...same,
      ...{ store: false, background: null, metadata: { a: 'b' }, include: [], truncation: 'auto' },
      ...{ previous_response_id: null, stream: true, max_output_tokens: 9, reasoning: { effort: 'low' } },
    });

    expect(rest).toEqual({ ...same, reasoning_effort: 'low' });
  });
});

describe('what is refused, by name', () => {
  it.each<[string, object]>([
    ['/model', { model: '' }],
    ['/input', { input: undefined }],
    ['/input', { input: '' }],
    ['/input', { input: [] }],
    ['/input', { input: 7 }],
    ['/input', { input: Array.from({ length: 10_001 }, () => ({ role: 'user', content: 'x' })) }],
    ['/input/0/type', { input: ['x'] }],
    ['/input/0/type', { input: [{ type: 'item_reference', id: 'x' }] }],
    ['/input/0/role', { input: [{ role: 'tool', content: 'x' }] }],
    ['/input/0/content', { input: [{ role: 'user' }] }],
    ['/input/0/content/0/type', { input: [{ role: 'user', content: [{ type: 'input_file' }] }] }],
    ['/input/0/content/0/text', { input: [{ role: 'user', content: [{ type: 'input_text', text: 7 }] }] }],
    [
      '/input/0/content/0/image_url',
      { input: [{ role: 'user', content: [{ type: 'input_image', file_id: 'f' }] }] },
    ],
    [
      '/input/0/content/0/type',
      {
        input: [{ role: 'developer', content: [{ type: 'input_image', image_url: 'https://a.example/b' }] }],
      },
    ],
    ['/input/0/arguments', { input: [{ ...CALL, arguments: {} }] }],
    ['/input/0/call_id', { input: [{ type: 'function_call_output', call_id: 'c9', output: 'x' }] }],
    ['/tools/0/type', { tools: [{ type: 'web_search', name: 'w' }] }],
    ['/tools/0/name', { tools: [{ type: 'function', name: 'a b' }] }],
    ['/tool_choice', { tool_choice: 'required' }],
    ['/tool_choice', { tool_choice: { type: 'web_search' } }],
    ['/tool_choice/name', { tools: [TOOL], tool_choice: { type: 'function', name: 'g' } }],
    ['/text/format/type', { text: { format: { type: 'grammar' } } }],
    ['/text/format/schema', { text: { format: { type: 'json_schema', name: 'n' } } }],
    ['/max_output_tokens', { max_output_tokens: 0 }],
    ['/temperature', { temperature: 3 }],
    ['/metadata/a', { metadata: { a: 7 } }],
    ['/store', { store: true }],
    ['/background', { background: true }],
    ['/previous_response_id', { previous_response_id: 'resp_1' }],
    ['/conversation', { conversation: 'conv_1' }],
    ['/prompt', { prompt: { id: 'p' } }],
  ])('%s', (path, fields) => {
    const { error } = responsesSchema.safeParse({ ...BASE, ...fields });

    expect(error === undefined ? [] : fieldErrors(error).map((fault) => fault.path)).toEqual([path]);
  });
});
