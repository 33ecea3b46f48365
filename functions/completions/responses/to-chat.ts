/** A response request as a chat. */
import {
  type ChatBody,
  type ChatMessage,
  isObject,
  type JsonObject,
  objectsOf,
} from '../../../shared/model/chat.ts';
import type { ResponsesRequest } from './schema.ts';

/** Fields that have another name in a chat, or no meaning there. */
const TRANSLATED = new Set([
  ...['model', 'input', 'instructions', 'max_output_tokens', 'metadata', 'reasoning', 'text', 'tools'],
  ...[
    'tool_choice',
    'stream',
    'stream_options',
    'store',
    'background',
    'previous_response_id',
    'conversation',
  ],
  ...['prompt', 'include', 'truncation', 'max_tool_calls', 'top_logprobs', 'messages'],
  ...['context_management', 'response_format'],
]);

export const toChat = (body: ResponsesRequest): ChatBody => ({
  ...Object.fromEntries(
    Object.entries(body).filter(([name, value]) => !TRANSLATED.has(name) && value !== null),
  ),
  messages: [
    ...(body.instructions == null ? [] : [{ role: 'system', content: body.instructions }]),
    ...messagesOf(body.input),
  ],
  ...(body.reasoning?.effort == null ? {} : { reasoning_effort: body.reasoning.effort }),
  ...toolsOf(body),
  ...formatOf(body.text),
});

const messagesOf = (input: unknown): ChatMessage[] => {
  if (typeof input === 'string') return [{ role: 'user', content: input }];
  const messages: ChatMessage[] = [];
  for (const item of objectsOf(input)) {
    const last = messages.at(-1);
    // Calls are items of their own here; in a chat they are part of what the assistant said.
    if (item.type !== 'function_call') messages.push(...messageOf(item));
    else if (last?.role === 'assistant') last.tool_calls = [...objectsOf(last.tool_calls), callOf(item)];
    else messages.push({ role: 'assistant', content: null, tool_calls: [callOf(item)] });
  }
  return messages;
};

/** What another model thought is not for this one. */
const messageOf = (item: JsonObject): ChatMessage[] => {
  if (item.type === 'reasoning') return [];
  if (item.type === 'function_call_output')
    return [{ role: 'tool', tool_call_id: item.call_id, content: textIn(item.output) }];
  if (item.role === 'user') return [{ role: 'user', content: userContent(item.content) }];
  return [{ role: item.role === 'assistant' ? 'assistant' : 'system', content: textIn(item.content) }];
};

const callOf = ({ call_id: id, name, arguments: args }: JsonObject): JsonObject => ({
  id,
  type: 'function',
  function: { name, arguments: args },
});

const saidIn = ({ text, refusal }: JsonObject): string => String(text ?? refusal ?? '');

const textIn = (content: unknown): string =>
  typeof content === 'string' ? content : objectsOf(content).map(saidIn).join('\n');

const userContent = (content: unknown): unknown =>
  typeof content === 'string'
    ? content
    : objectsOf(content).map((part) =>
        part.type === 'input_image' ? imageOf(part) : { type: 'text', text: saidIn(part) },
      );

const imageOf = ({ image_url: url, detail }: JsonObject): JsonObject => ({
  type: 'image_url',
  image_url: { url, ...(detail == null ? {} : { detail }) },
});

const toolsOf = ({ tools, tool_choice: choice }: ResponsesRequest): JsonObject => ({
  ...(tools == null || tools.length === 0
    ? {}
    : {
        tools: tools.map(({ name, description, parameters, strict }) => ({
          type: 'function',
          function: {
            name,
            ...(description == null ? {} : { description }),
            ...(parameters == null ? {} : { parameters }),
            ...(strict == null ? {} : { strict }),
          },
        })),
      }),
  ...(choice == null
    ? {}
    : {
        tool_choice: isObject(choice) ? { type: 'function', function: { name: choice.name } } : choice,
      }),
});

const UNNAMED = 'response';

const formatOf = (text: ResponsesRequest['text']): JsonObject => {
  const { verbosity } = text ?? {};
  const { type = 'text', name = UNNAMED, ...rest } = text?.format ?? {};
  const said = verbosity == null ? {} : { verbosity };
  if (type === 'text') return said;
  return type === 'json_object'
    ? { ...said, response_format: { type } }
    : { ...said, response_format: { type, json_schema: { name, ...rest } } };
};
