/** A chat in OpenAI's form as Anthropic's messages. Fields that Anthropic does not know it would refuse, so they are left out. */
import type { Adapter } from '../../../model/adapter.ts';
import {
  type ChatBody,
  type ChatMessage,
  isObject,
  type JsonObject,
  objectsOf,
  textOf,
} from '../../../model/chat.ts';
import type { ModelRequest } from '../../../model/completion.ts';
import type { ProviderRequest } from '../http-client.ts';

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

const isSystem = ({ role }: ChatMessage): boolean => role === 'system' || role === 'developer';

const toMessages = (chat: ChatBody): JsonObject => {
  const system = chat.messages.filter(isSystem).map(textOf).join('\n\n');
  const { stop, temperature, top_p, user } = chat;
  return {
    ...(system === '' ? {} : { system }),
    messages: turnsOf(chat.messages.filter((message) => !isSystem(message))),
    ...(stop == null ? {} : { stop_sequences: [stop].flat() }),
    ...(typeof temperature === 'number' ? { temperature: Math.min(HOTTEST, temperature) } : {}),
    ...(typeof top_p === 'number' ? { top_p } : {}),
    ...(typeof user === 'string' ? { metadata: { user_id: user } } : {}),
    ...toolsOf(chat),
  };
};

interface Turn {
  role: 'user' | 'assistant';
  content: JsonObject[];
}

/** Messages of one side that follow each other are one turn: so are the results of several calls. */
const turnsOf = (messages: readonly ChatMessage[]): Turn[] => {
  const turns: Turn[] = [];
  for (const message of messages) {
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...blocksOf(message));
    else turns.push({ role, content: blocksOf(message) });
  }
  return turns;
};

const blocksOf = (message: ChatMessage): JsonObject[] => {
  if (message.role === 'tool' || message.role === 'function') {
    return [
      { type: 'tool_result', tool_use_id: message.tool_call_id ?? message.name, content: textOf(message) },
    ];
  }
  const calls = objectsOf(message.tool_calls).map(({ id, function: called }) => ({
    type: 'tool_use',
    id,
    name: isObject(called) ? called.name : '',
    input: isObject(called) ? parsed(called.arguments) : {},
  }));
  const said =
    typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content;
  return [...objectsOf(said).flatMap(blockOf), ...calls];
};

const DATA_URL = /^data:([^;,]+);base64,(.*)$/s;

/** Empty texts are refused there; parts that have no counterpart are left out. */
const blockOf = (part: JsonObject): JsonObject[] => {
  if (part.type === 'text') return part.text === '' ? [] : [{ type: 'text', text: part.text }];
  if (part.type !== 'image_url' || !isObject(part.image_url)) return [];
  const url = String(part.image_url.url);
  const [, media_type, data] = DATA_URL.exec(url) ?? [];
  const source = media_type === undefined ? { type: 'url', url } : { type: 'base64', media_type, data };
  return [{ type: 'image', source }];
};

const parsed = (text: unknown): JsonObject => {
  try {
    const value: unknown = JSON.parse(String(text));
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
};

const CHOICES: Readonly<Record<string, string>> = { auto: 'auto', required: 'any', none: 'none' };

const toolsOf = ({ tools, tool_choice: choice, parallel_tool_calls: parallel }: ChatBody): JsonObject => {
  const functions = objectsOf(tools)
    .map((tool) => tool.function)
    .filter((tool) => isObject(tool));
  if (functions.length === 0) return {};
  const named = isObject(choice) && isObject(choice.function) ? choice.function.name : undefined;
  const type = named === undefined ? (CHOICES[String(choice)] ?? 'auto') : 'tool';
  const serial = parallel === false && type !== 'none' ? { disable_parallel_tool_use: true } : {};
  return {
    tools: functions.map(({ name, description, parameters }) => ({
      name,
      ...(description == null ? {} : { description }),
      input_schema: parameters ?? { type: 'object' },
    })),
    tool_choice: { type, ...(named === undefined ? {} : { name: named }), ...serial },
  };
};
