import { describe, expect, it } from 'vitest';
import { chatSchema } from '../../../functions/completions/openai/schema.ts';
import { fieldErrors } from '../../../shared/middleware/parse-body.ts';

const BASE = { model: 'auto', messages: [{ role: 'user', content: 'Hi' }] };
const TOOL = { type: 'function', function: { name: 'f' } };
const message = (fields: object) => ({ messages: [{ role: 'user', content: 'Hi' }, fields] });

const faults = (body: object): string[] => {
  const parsed = chatSchema.safeParse({ ...BASE, ...body });
  return parsed.success ? [] : fieldErrors(parsed.error).map(({ path }) => path);
};

describe('a chat request', () => {
  it.each<[string, object]>([
    [
      'an image and a sound',
      message({
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: 'data:,' } },
          { type: 'input_audio', input_audio: {} },
        ],
      }),
    ],
    [
      'a part of a kind not known here',
      message({ role: 'user', content: [{ type: 'video_url', video_url: { url: 'x' } }] }),
    ],
    [
      'a call without content',
      message({
        role: 'assistant',
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
      }),
    ],
    ['the result of a tool', message({ role: 'tool', tool_call_id: 'c', content: '' })],
    ['a developer’s message', message({ role: 'developer', content: 'Be brief.' })],
    [
      'null where OpenAI takes it',
      { stream: null, max_tokens: null, n: null, tools: null, response_format: null, stop: null },
    ],
    ['a tool of the provider’s own', { tools: [{ type: 'web_search' }] }],
    ['a forced tool', { tools: [TOOL], tool_choice: { type: 'function', function: { name: 'f' } } }],
    [
      'a choice of another kind',
      { tools: [TOOL], tool_choice: { type: 'allowed_tools', allowed_tools: {} } },
    ],
    ['fields not known here', { verbosity: 'low', nested: { a: [1] } }],
  ])('may hold %s, and keeps it as it is', (_name, body) => {
    const whole = { ...BASE, ...body };

    expect(chatSchema.parse(whole)).toEqual(whole);
  });

  it.each<[string, object]>([
    ['/model', { model: undefined }],
    ['/model', { model: '' }],
    ['/model', { model: 7 }],
    ['/messages', { messages: undefined }],
    ['/messages', { messages: [] }],
    ['/messages', { messages: 'Hi' }],
    ['/messages/0', { messages: ['Hi'] }],
    ['/messages/1/role', message({ content: 'Hi' })],
    ['/messages/1/role', message({ role: 'robot', content: 'Hi' })],
    ['/messages/1/content', message({ role: 'user' })],
    ['/messages/1/content', message({ role: 'user', content: null })],
    ['/messages/1/content', message({ role: 'user', content: 7 })],
    ['/messages/1/content/0', message({ role: 'user', content: ['Hi'] })],
    ['/messages/1/content/0/type', message({ role: 'user', content: [{}] })],
    ['/messages/1/content/0/text', message({ role: 'user', content: [{ type: 'text', text: 7 }] })],
    [
      '/messages/1/content/0/image_url/url',
      message({ role: 'user', content: [{ type: 'image_url', image_url: {} }] }),
    ],
    ['/messages/1/tool_calls', message({ role: 'assistant', tool_calls: {} })],
    [
      '/messages/1/tool_calls/0/function/arguments',
      message({ role: 'assistant', tool_calls: [{ function: { name: 'f', arguments: {} } }] }),
    ],
    ['/stream', { stream: 'yes' }],
    ['/stream_options/include_usage', { stream_options: { include_usage: 1 } }],
    ['/max_tokens', { max_tokens: 0 }],
    ['/max_completion_tokens', { max_completion_tokens: 1.5 }],
    ['/n', { n: 0 }],
    ['/temperature', { temperature: 'hot' }],
    ['/temperature', { temperature: 2.1 }],
    ['/top_p', { top_p: -1 }],
    ['/stop', { stop: [1] }],
    ['/tools', { tools: {} }],
    ['/tools/0/type', { tools: [{}] }],
    ['/tools/0/function', { tools: [{ type: 'function' }] }],
    ['/tools/0/function/name', { tools: [{ type: 'function', function: { name: 'a b' } }] }],
    ['/tool_choice', { tool_choice: 'sometimes' }],
    ['/tool_choice', { tool_choice: 'required' }],
    [
      '/tool_choice/function/name',
      { tools: [TOOL], tool_choice: { type: 'function', function: { name: 'g' } } },
    ],
    ['/response_format', { response_format: 'json' }],
    ['/response_format/type', { response_format: {} }],
    ['/response_format/json_schema', { response_format: { type: 'json_schema' } }],
  ])('is refused at %s: %j', (path, body) => {
    expect(faults(body)).toEqual([path]);
  });
});
