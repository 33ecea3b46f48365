/** What providers that speak in turns and blocks read of a chat in OpenAI's form. */
import { type ChatBody, type ChatMessage, isObject, type JsonObject, objectsOf } from '../../model/chat.ts';

export const isSystem = ({ role }: ChatMessage): boolean => role === 'system' || role === 'developer';

export interface Turn {
  role: 'user' | 'assistant';
  content: JsonObject[];
}

/** Messages of one side that follow each other are one turn: so are the results of several calls. */
export const turnsOf = (
  messages: readonly ChatMessage[],
  blocksOf: (message: ChatMessage) => JsonObject[],
): Turn[] => {
  const turns: Turn[] = [];
  for (const message of messages) {
    if (isSystem(message)) continue;
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...blocksOf(message));
    else turns.push({ role, content: blocksOf(message) });
  }
  return turns;
};

export const isResult = ({ role }: ChatMessage): boolean => role === 'tool' || role === 'function';

/** A message's content as parts, also where it is a text. */
export const partsOf = ({ content }: ChatMessage): JsonObject[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : objectsOf(content);

export interface Call {
  id: unknown;
  name: unknown;
  input: JsonObject;
}

export const callsOf = ({ tool_calls }: ChatMessage): Call[] =>
  objectsOf(tool_calls).map(({ id, function: called }) => ({
    id,
    name: isObject(called) ? called.name : '',
    input: isObject(called) ? parsed(called.arguments) : {},
  }));

const parsed = (text: unknown): JsonObject => {
  try {
    const value: unknown = JSON.parse(String(text));
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
};

const DATA_URL = /^data:([^;,]+);base64,(.*)$/s;

export interface Image {
  url: string;
  /** Where the address holds the image itself. */
  inline?: { mediaType: string; data: string };
}

/** Undefined where the part is no image. */
export const imageOf = (part: JsonObject): Image | undefined => {
  if (part.type !== 'image_url' || !isObject(part.image_url)) return undefined;
  const url = String(part.image_url.url);
  const [, mediaType, data] = DATA_URL.exec(url) ?? [];
  return mediaType === undefined || data === undefined ? { url } : { url, inline: { mediaType, data } };
};

export const functionsOf = ({ tools }: ChatBody): JsonObject[] =>
  objectsOf(tools)
    .map((tool) => tool.function)
    .filter((tool) => isObject(tool));

/** The name of the one function that must be called, where the choice names one. */
export const namedChoice = ({ tool_choice: choice }: ChatBody): unknown =>
  isObject(choice) && isObject(choice.function) ? choice.function.name : undefined;
