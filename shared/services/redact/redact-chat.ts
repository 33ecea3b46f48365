/** Redacts every text of a chat request. Images, sounds and files are not text, and pass as they are. */
import { type ChatBody, isObject, type JsonObject } from '../../model/chat.ts';

/** Redacted text and the number of findings. `isName` is what programs go by rather than what people write. */
export type Redact = (text: string, isName?: boolean) => { text: string; findings: number };

const NAMES = new Set([
  'role',
  'type',
  'id',
  'tool_call_id',
  'call_id',
  'required',
  '$ref',
  'format',
  'pattern',
]);
const NAMED = new Set(['function', 'custom', 'json_schema']);

/** `role`, and the name of a tool or a schema; the name of who writes a message is another matter. */
const isNameOfPrograms = (key: string, holder: string): boolean =>
  NAMES.has(key) || (key === 'name' && NAMED.has(holder));

const isBinary = (key: string, value: unknown): boolean =>
  (key === 'image_url' || key === 'input_audio' || key === 'file') && isObject(value);

export const redactChat = (chat: ChatBody, redact: Redact): { chat: ChatBody; findings: number } => {
  let findings = 0;
  const clean = (text: string, isName = false): string => {
    const redacted = redact(text, isName);
    findings += redacted.findings;
    return redacted.text;
  };
  const each = (value: unknown, key: string, holder: string): unknown => {
    if (typeof value === 'string') return clean(value, isNameOfPrograms(key, holder));
    if (Array.isArray(value)) return value.map((inner) => each(inner, key, holder));
    return isObject(value) ? object(value, key) : value;
  };
  const object = (value: JsonObject, name = ''): JsonObject =>
    Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        if (isBinary(key, inner)) return [key, inner];
        return [key, key === 'arguments' && typeof inner === 'string' ? json(inner) : each(inner, key, name)];
      }),
    );
  /** Arguments of a tool are JSON in a text: it has to stay JSON, and a number in it may be a card's. */
  const json = (text: string): string => {
    const value = parsed(text);
    if (value === undefined) return clean(text);
    const before = findings;
    const cleaned = JSON.stringify(inJson(value));
    return findings === before ? text : cleaned;
  };
  const inJson = (value: unknown): unknown => {
    if (typeof value === 'number') {
      const text = String(value);
      const cleaned = clean(text);
      return cleaned === text ? value : cleaned;
    }
    if (typeof value === 'string') return clean(value);
    if (Array.isArray(value)) return value.map(inJson);
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [clean(key), inJson(inner)]));
  };
  return { chat: object(chat) as ChatBody, findings };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
