/** What providers that speak in turns and blocks read of a chat in OpenAI's form. */
import { type ChatBody, type ChatMessage, isObject, type JsonObject, objectsOf } from '../../model/chat.ts';
import { unsupported } from './unsupported.ts';

export const isSystem = ({ role }: ChatMessage): boolean => role === 'system' || role === 'developer';

export interface Turn {
  role: 'user' | 'assistant';
  content: JsonObject[];
}

/** Messages of one side that follow each other are one turn: so are the results of several calls. `at` is a message's place in the chat. */
export const turnsOf = (
  messages: readonly ChatMessage[],
  blocksOf: (message: ChatMessage, at: number) => JsonObject[],
): Turn[] => {
  const turns: Turn[] = [];
  for (const [at, message] of messages.entries()) {
    if (isSystem(message)) continue;
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...blocksOf(message, at));
    else turns.push({ role, content: blocksOf(message, at) });
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

/** Told, since a model that was not told of a tool would answer as if there were none. */
export const functionsOf = ({ tools, functions }: ChatBody): JsonObject[] => {
  if (Array.isArray(functions) && functions.length > 0)
    throw unsupported('/functions', 'must be given as tools');
  return objectsOf(tools).map(({ function: called }, index) => {
    if (!isObject(called)) throw unsupported(`/tools/${index}/type`, 'must be function');
    return called;
  });
};

/** The text of a part that holds one, also where it refuses; any part that is neither text nor image is told. */
export const textIn = ({ type, text, refusal }: JsonObject, path: string): unknown => {
  if (type === 'text') return text;
  if (type === 'refusal') return refusal ?? '';
  throw unsupported(`${path}/type`, 'must be text or image_url');
};

/** The name of the one function that must be called, where the choice names one. */
export const namedChoice = ({ tool_choice: choice }: ChatBody): unknown =>
  isObject(choice) && isObject(choice.function) ? choice.function.name : undefined;
