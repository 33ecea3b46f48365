/** A chat in OpenAI's form as Anthropic's messages. Fields that Anthropic does not know it would refuse, so they are left out. */
import type { Adapter } from '../../../model/adapter.ts';
import { type ChatBody, type ChatMessage, isObject, type JsonObject, textOf } from '../../../model/chat.ts';
import type { ModelRequest } from '../../../model/completion.ts';
import {
  callsOf,
  functionsOf,
  imageOf,
  isResult,
  isSystem,
  namedChoice,
  partsOf,
  textIn,
  turnsOf,
} from '../chat-parts.ts';
import type { ProviderRequest } from '../http-client.ts';
import { unsupported } from '../unsupported.ts';

const DEFAULT_BASE_URL = 'https://api.anthropic.com/v1';
const VERSION = '2023-06-01';
/** Anthropic's scale of temperatures ends here, OpenAI's at 2. */
const HOTTEST = 1;

export const toRequest = (
  adapter: Adapter,
  request: ModelRequest,
  key: string | undefined,
): ProviderRequest => ({
  url: `${(adapter.base_url ?? DEFAULT_BASE_URL).replace(/\/+$/, '')}/messages`,
  headers: { 'anthropic-version': VERSION, ...(key === undefined ? {} : { 'x-api-key': key }) },
  body: JSON.stringify({
    model: adapter.model,
    max_tokens: request.max_tokens,
    ...toMessages(request.chat),
    ...(request.stream ? { stream: true } : {}),
  }),
});

const toMessages = (chat: ChatBody): JsonObject => {
  const system = chat.messages.filter(isSystem).map(textOf).join('\n\n');
  const { stop, temperature, top_p, user } = chat;
  return {
    ...(system === '' ? {} : { system }),
    messages: turnsOf(chat.messages, blocksOf),
    ...(stop == null ? {} : { stop_sequences: [stop].flat() }),
    ...(typeof temperature === 'number' ? { temperature: Math.min(HOTTEST, temperature) } : {}),
    ...(typeof top_p === 'number' ? { top_p } : {}),
    ...(typeof user === 'string' ? { metadata: { user_id: user } } : {}),
    ...toolsOf(chat),
    ...formatOf(chat),
  };
};

const blocksOf = (message: ChatMessage, at: number): JsonObject[] => {
  if (isResult(message)) {
    return [
      { type: 'tool_result', tool_use_id: message.tool_call_id ?? message.name, content: textOf(message) },
    ];
  }
  const calls = callsOf(message).map((call) => ({ type: 'tool_use', ...call }));
  const said = partsOf(message).flatMap((part, index) => blockOf(part, `/messages/${at}/content/${index}`));
  return [...said, ...calls];
};

/** Empty texts are refused there. */
const blockOf = (part: JsonObject, path: string): JsonObject[] => {
  const image = imageOf(part);
  if (image === undefined) {
    const text = textIn(part, path);
    return text === '' ? [] : [{ type: 'text', text }];
  }
  const { url, inline } = image;
  const source =
    inline === undefined
      ? { type: 'url', url }
      : { type: 'base64', media_type: inline.mediaType, data: inline.data };
  return [{ type: 'image', source }];
};

const CHOICES: Readonly<Record<string, string>> = { auto: 'auto', required: 'any', none: 'none' };

const toolsOf = (chat: ChatBody): JsonObject => {
  const functions = functionsOf(chat);
  if (functions.length === 0) return {};
  const named = namedChoice(chat);
  const type = named === undefined ? (CHOICES[String(chat.tool_choice)] ?? 'auto') : 'tool';
  const serial =
    chat.parallel_tool_calls === false && type !== 'none' ? { disable_parallel_tool_use: true } : {};
  return {
    tools: functions.map(({ name, description, parameters }) => ({
      name,
      ...(description == null ? {} : { description }),
      input_schema: parameters ?? { type: 'object' },
    })),
    tool_choice: { type, ...(named === undefined ? {} : { name: named }), ...serial },
  };
};

const formatOf = ({ response_format: format }: ChatBody): JsonObject => {
  if (!isObject(format)) return {};
  if (format.type === 'json_object')
    throw unsupported('/response_format/type', "must be json_schema for Anthropic's models, not json_object");
  if (format.type !== 'json_schema' || !isObject(format.json_schema)) return {};
  return { output_config: { format: { type: 'json_schema', schema: format.json_schema.schema ?? {} } } };
};
