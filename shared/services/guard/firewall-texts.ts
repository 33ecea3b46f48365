/** The texts of a chat as the prompt firewall reads them: each message as a whole, and what stands beside the messages. */
import { type ChatBody, type ChatMessage, isObject } from '../../model/chat.ts';
import type { FirewallText } from '../../ports/prompt-firewall.ts';

/** Their words are the caller's own, or the model's. Whatever else speaks may be anybody. */
const TRUSTED = new Set(['system', 'developer', 'assistant']);

const BINARY = new Set(['image_url', 'input_audio', 'file']);
/** What programs go by. */
const NAMES = new Set(['role', 'type', 'id', 'tool_call_id', 'call_id', '$ref', 'format']);

const stringsIn = (value: unknown, strings: string[], key = ''): void => {
  if (typeof value === 'string') {
    if (!NAMES.has(key)) strings.push(value);
  } else if (Array.isArray(value)) for (const inner of value) stringsIn(inner, strings, key);
  else if (isObject(value) && !BINARY.has(key))
    for (const [name, inner] of Object.entries(value)) stringsIn(inner, strings, name);
};

const messageText = (message: ChatMessage): string => {
  // As most are.
  if (typeof message.content === 'string' && message.tool_calls === undefined) return message.content;
  const strings: string[] = [];
  stringsIn(message, strings);
  return strings.join('\n');
};

export const firewallTexts = ({ messages, ...beside }: ChatBody): FirewallText[] => {
  const texts = messages.map((message) => ({
    text: messageText(message),
    trusted: TRUSTED.has(message.role),
  }));
  const strings: string[] = [];
  stringsIn(beside, strings);
  if (strings.length > 0) texts.push({ text: strings.join('\n'), trusted: false });
  return texts;
};

const mapped = (value: unknown, change: (text: string) => string): unknown => {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((inner) => mapped(inner, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapped(inner, change)]));
};

export const mapTexts = (chat: ChatBody, change: (text: string) => string): ChatBody =>
  mapped(chat, change) as ChatBody;
