/**
 * A chat request in OpenAI's form, which is what all models are asked in here. Only what routing needs is read; every other
 * field is the business of caller and provider.
 */
import type { Capability } from './adapter.ts';

export type JsonObject = { [field: string]: unknown };

export interface ChatMessage {
  role: string;
  content?: unknown;
  [field: string]: unknown;
}

export interface ChatBody {
  messages: ChatMessage[];
  [field: string]: unknown;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const objectsOf = (value: unknown): JsonObject[] =>
  Array.isArray(value) ? value.filter((entry) => isObject(entry)) : [];

const stringsOf = (...values: unknown[]): string[] =>
  values.filter((value) => typeof value === 'string' && value !== '') as string[];

export const chatOf = (prompt: string): ChatBody => ({ messages: [{ role: 'user', content: prompt }] });

/** A message's text: its content, or the text parts of it, a line each. */
export const textOf = ({ content }: { content?: unknown }): string =>
  typeof content === 'string' ? content : stringsOf(...objectsOf(content).map(({ text }) => text)).join('\n');

/** What stands for the whole conversation where one text is wanted: the last thing that the user said. */
export const promptOf = ({ messages }: ChatBody): string => {
  const last = messages.findLast(({ role }) => role === 'user') ?? messages.at(-1);
  return last === undefined ? '' : textOf(last);
};

const argumentsOf = (calls: unknown): string[] =>
  objectsOf(calls).flatMap((call) => (isObject(call.function) ? stringsOf(call.function.arguments) : []));

/** Everything that the model reads as text: messages, calls of tools, tools. */
export const conversationText = (chat: ChatBody): string => {
  const said = chat.messages.flatMap((message) => [
    ...stringsOf(textOf(message)),
    ...argumentsOf(message.tool_calls),
  ]);
  const tools = Array.isArray(chat.tools) && chat.tools.length > 0 ? [JSON.stringify(chat.tools)] : [];
  return [...said, ...tools].join('\n');
};

const partsOf = ({ messages }: ChatBody): JsonObject[] =>
  messages.flatMap(({ content }) => objectsOf(content));

/** OpenAI bills an image of low detail as 85 tokens, one of 1024 x 1024 as 765. */
const IMAGE_TOKENS = { low: 85, other: 765 };

export const imageTokens = (chat: ChatBody): number =>
  partsOf(chat)
    .filter(({ type }) => type === 'image_url')
    .map(({ image_url: image }) => (isObject(image) && image.detail === 'low' ? 'low' : 'other'))
    .reduce((sum, detail) => sum + IMAGE_TOKENS[detail], 0);

/** What a model must be able to do to answer. */
export const needsOf = (chat: ChatBody): Capability[] => {
  const needs: Capability[] = [];
  if (Array.isArray(chat.tools) && chat.tools.length > 0) needs.push('tools');
  if (partsOf(chat).some(({ type }) => type === 'image_url')) needs.push('vision');
  const format = isObject(chat.response_format) ? chat.response_format.type : undefined;
  if (format === 'json_object' || format === 'json_schema') needs.push('json');
  return needs;
};

/** What a completion, or a chunk of one, says: the text and the tools' arguments of all its choices. For counting. */
export const saidIn = ({ choices }: JsonObject): string => {
  let said = '';
  if (!Array.isArray(choices)) return said;
  for (const choice of choices) {
    const part: unknown = isObject(choice) ? (choice.delta ?? choice.message) : undefined;
    if (isObject(part)) said += saidBy(part);
  }
  return said;
};

/** Without a list on the way: every token of a stream comes by. */
const saidBy = ({ content, refusal, reasoning_content, tool_calls }: JsonObject): string => {
  const text = asText(content) + asText(refusal) + asText(reasoning_content);
  return tool_calls === undefined ? text : text + argumentsOf(tool_calls).join('');
};

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A whole completion as the one chunk of a stream. */
export const asChunk = (completion: JsonObject): JsonObject => ({
  ...completion,
  object: 'chat.completion.chunk',
  choices: objectsOf(completion.choices).map(({ message, ...choice }) => ({
    ...choice,
    delta: isObject(message) ? { ...message, ...numbered(message.tool_calls) } : {},
  })),
});

const numbered = (calls: unknown): JsonObject =>
  Array.isArray(calls) ? { tool_calls: objectsOf(calls).map((call, index) => ({ index, ...call })) } : {};
