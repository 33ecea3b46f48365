/** Anthropic's messages as a chat in OpenAI's form. What only Anthropic's models understand is left out. */
import {
  type ChatBody,
  type ChatMessage,
  isObject,
  type JsonObject,
  objectsOf,
  textOf,
} from '../../../shared/model/chat.ts';
import type { MessagesRequest } from './schema.ts';

/** Fields that have another name there, or none. */
const TRANSLATED = new Set([
  ...['model', 'max_tokens', 'messages', 'system', 'stop_sequences', 'metadata', 'tools', 'tool_choice'],
  ...['top_k', 'thinking', 'service_tier', 'container', 'context_management', 'mcp_servers', 'cache_control'],
  ...['output_config', 'response_format'],
]);

export const toChat = (body: MessagesRequest): ChatBody => ({
  ...Object.fromEntries(Object.entries(body).filter(([name]) => !TRANSLATED.has(name))),
  messages: [...systemOf(body.system), ...body.messages.flatMap(messagesOf)],
  ...(body.stop_sequences == null ? {} : { stop: body.stop_sequences }),
  ...(body.metadata?.user_id == null ? {} : { user: body.metadata.user_id }),
  ...toolsOf(body),
  ...formatOf(body),
});

const systemOf = (system: MessagesRequest['system']): ChatMessage[] =>
  system == null ? [] : [{ role: 'system', content: textOf({ content: system }) }];

type Message = MessagesRequest['messages'][number];

const messagesOf = ({ role, content }: Message): ChatMessage[] => {
  if (typeof content === 'string') return [{ role, content }];
  const blocks = objectsOf(content);
  return role === 'assistant' ? [assistantMessage(blocks)] : userMessages(blocks);
};

const ofType = (blocks: readonly JsonObject[], type: string): JsonObject[] =>
  blocks.filter((block) => block.type === type);

const assistantMessage = (blocks: readonly JsonObject[]): ChatMessage => {
  const calls = ofType(blocks, 'tool_use').map(({ id, name, input }) => ({
    id,
    type: 'function',
    function: { name, arguments: JSON.stringify(input) },
  }));
  const text = textOf({ content: ofType(blocks, 'text') });
  return {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
};

/** The results of tools are messages of their own, and have to follow the calls at once. They hold texts only: images come after. */
const userMessages = (blocks: readonly JsonObject[]): ChatMessage[] => {
  const given = ofType(blocks, 'tool_result');
  const results = given.map(({ tool_use_id, content }) => ({
    role: 'tool',
    tool_call_id: tool_use_id,
    content: textOf({ content }),
  }));
  const images = given.flatMap(({ content }) => ofType(objectsOf(content), 'image'));
  const parts = [...images, ...blocks].flatMap((block) => partOf(block));
  return [
    ...results,
    ...(parts.length === 0 && results.length > 0 ? [] : [{ role: 'user', content: parts }]),
  ];
};

const partOf = (block: JsonObject): JsonObject[] => {
  if (block.type === 'text') return [{ type: 'text', text: block.text }];
  if (block.type !== 'image' || !isObject(block.source)) return [];
  const { type, url, media_type, data } = block.source;
  return [
    { type: 'image_url', image_url: { url: type === 'url' ? url : `data:${media_type};base64,${data}` } },
  ];
};

const formatOf = ({ output_config: config }: MessagesRequest): JsonObject =>
  config?.format == null
    ? {}
    : {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'answer', schema: config.format.schema },
        },
      };

const CHOICES = { auto: 'auto', any: 'required', none: 'none' } as const;

const toolsOf = ({ tools, tool_choice: choice }: MessagesRequest): JsonObject => ({
  ...(tools == null
    ? {}
    : {
        tools: tools.map(({ name, description, input_schema }) => ({
          type: 'function',
          function: { name, ...(description == null ? {} : { description }), parameters: input_schema },
        })),
      }),
  ...(choice == null
    ? {}
    : {
        tool_choice:
          choice.type === 'tool'
            ? { type: 'function', function: { name: choice.name } }
            : CHOICES[choice.type],
      }),
  ...(choice?.disable_parallel_tool_use === true ? { parallel_tool_calls: false } : {}),
});
