/** The four ways to ask for a stream, and how each tells the end of an answer and a fault. */
import { createParser } from 'eventsource-parser';

export interface Dialect {
  path: string;
  body: Record<string, unknown>;
  /** A stream whose answer is whole ends so. */
  isWhole(stream: Told): boolean;
  /** A stream that broke off ends so. */
  isFault(stream: Told): boolean;
}

export interface Told {
  events: { event: string | undefined; data: string }[];
  last: { event: string | undefined; data: string } | undefined;
}

export const told = (text: string): Told => {
  const events: Told['events'] = [];
  const parser = createParser({ onEvent: ({ event, data }) => events.push({ event, data }) });
  parser.feed(text);
  return { events, last: events.at(-1) };
};

const PROMPT = 'Are you there?';
const messages = [{ role: 'user', content: PROMPT }];

const endsWith =
  (event: string, ...holds: string[]) =>
  ({ last }: Told): boolean =>
    last?.event === event && holds.every((part) => last.data.includes(part));

export const DIALECTS: Readonly<Record<'ask' | 'chat' | 'messages' | 'responses', Dialect>> = {
  ask: {
    path: '/v1/ask',
    body: { prompt: PROMPT, stream: true },
    isWhole: endsWith('response', '"finish_reason"'),
    isFault: endsWith('error', '"code":"upstream_'),
  },
  chat: {
    path: '/v1/chat/completions',
    body: { model: 'auto', messages, stream: true },
    isWhole: ({ last }) => last?.data === '[DONE]',
    isFault: ({ last }) => last?.data.startsWith('{"error":') === true,
  },
  messages: {
    path: '/v1/messages',
    body: { model: 'auto', messages, stream: true, max_tokens: 64 },
    isWhole: endsWith('message_stop'),
    isFault: endsWith('error', '"type":"error"'),
  },
  responses: {
    path: '/v1/responses',
    body: { model: 'auto', input: PROMPT, stream: true },
    isWhole: endsWith('response.completed'),
    isFault: endsWith('response.failed', '"status":"failed"'),
  },
};
