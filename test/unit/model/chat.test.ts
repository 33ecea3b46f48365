import { describe, expect, it } from 'vitest';
import {
  asChunk,
  type ChatBody,
  chatOf,
  conversationText,
  imageTokens,
  needsOf,
  promptOf,
  saidIn,
} from '../../../shared/model/chat.ts';

const image = (detail?: string) => ({ type: 'image_url', image_url: { url: 'data:,', detail } });
const CALL = { id: 'c', type: 'function', function: { name: 'f', arguments: '{"a":1}' } };
const TOOL = { type: 'function', function: { name: 'f', description: 'Finds.' } };

const CHAT: ChatBody = {
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: [{ type: 'text', text: 'What is' }, image(), { type: 'text', text: 'this?' }] },
    { role: 'assistant', content: null, tool_calls: [CALL] },
    { role: 'tool', content: 'found' },
  ],
};

describe('a chat', () => {
  it('is told by the last thing that the user said', () => {
    expect(promptOf(CHAT)).toBe('What is\nthis?');
  });

  it('is told by its last message where the user said nothing', () => {
    expect(promptOf({ messages: [{ role: 'system', content: 'Go.' }] })).toBe('Go.');
    expect(promptOf({ messages: [] })).toBe('');
  });

  it('of one prompt holds nothing else', () => {
    expect(conversationText(chatOf('Hi'))).toBe('Hi');
  });

  it('holds messages, calls and tools as text', () => {
    expect(conversationText({ ...CHAT, tools: [TOOL] })).toBe(
      `Be brief.\nWhat is\nthis?\n{"a":1}\nfound\n${JSON.stringify([TOOL])}`,
    );
  });

  it.each([
    [['low'], 85],
    [['high'], 765],
    [[undefined, 'low'], 850],
    [[], 0],
  ])('with images of detail %j is %i tokens more', (details, tokens) => {
    expect(imageTokens({ messages: [{ role: 'user', content: details.map(image) }] })).toBe(tokens);
  });

  it.each([
    [[], {}],
    [[], { tools: [], response_format: { type: 'text' } }],
    [['tools'], { tools: [TOOL] }],
    [['json'], { response_format: { type: 'json_object' } }],
    [['json'], { response_format: { type: 'json_schema' } }],
    [['vision'], { messages: CHAT.messages }],
    [['tools', 'vision', 'json'], { ...CHAT, tools: [TOOL], response_format: { type: 'json_schema' } }],
  ])('needs %j', (needs, fields) => {
    expect(needsOf({ ...chatOf('Hi'), ...fields })).toEqual(needs);
  });
});

describe('a completion', () => {
  it('says the text and the arguments of all its choices', () => {
    const choices = [
      { message: { content: 'one ', tool_calls: [CALL] } },
      { delta: { refusal: ' two', reasoning_content: null } },
      {},
    ];

    expect(saidIn({ choices })).toBe('one {"a":1} two');
    expect(saidIn({})).toBe('');
  });

  it('is a chunk when a stream was wanted', () => {
    const completion = {
      id: 'x',
      object: 'chat.completion',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: null, tool_calls: [CALL] },
          finish_reason: 'tool_calls',
        },
        { index: 1, finish_reason: 'stop' },
      ],
    };

    expect(asChunk(completion)).toEqual({
      id: 'x',
      object: 'chat.completion.chunk',
      choices: [
        {
          index: 0,
          delta: { role: 'assistant', content: null, tool_calls: [{ index: 0, ...CALL }] },
          finish_reason: 'tool_calls',
        },
        { index: 1, delta: {}, finish_reason: 'stop' },
      ],
    });
  });
});
