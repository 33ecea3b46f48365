/** What Bedrock's Converse answers: a reply, or the framed events of one. Frames are built by hand, not by the codec under test. */
import { crc32 } from 'node:zlib';
import type { Behaviour } from './fake-upstream.ts';

const USAGE = { inputTokens: 5, outputTokens: 3, totalTokens: 10, cacheReadInputTokens: 2 };

export const reply = (content: readonly object[], fields: object = {}): string =>
  JSON.stringify({
    output: { message: { role: 'assistant', content } },
    stopReason: 'end_turn',
    usage: USAGE,
    metrics: { latencyMs: 40 },
    ...fields,
  });

const STRING = 7;

const header = (name: string, value: string): Buffer => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(value));
  return Buffer.concat([
    Buffer.from([name.length]),
    Buffer.from(name),
    Buffer.from([STRING]),
    length,
    Buffer.from(value),
  ]);
};

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

export const frame = (headers: Readonly<Record<string, string>>, body: string): Buffer => {
  const named = Buffer.concat(Object.entries(headers).map(([name, value]) => header(name, value)));
  const payload = Buffer.from(body);
  const lengths = Buffer.concat([uint32(named.length + payload.length + 16), uint32(named.length)]);
  const rest = Buffer.concat([lengths, uint32(crc32(lengths)), named, payload]);
  return Buffer.concat([rest, uint32(crc32(rest))]);
};

export const event = (type: string, body: object): Buffer =>
  frame(
    { ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' },
    JSON.stringify({ ...body, p: 'abcdef' }),
  );

export const exception = (type: string): Buffer =>
  frame(
    { ':exception-type': type, ':content-type': 'application/json', ':message-type': 'exception' },
    '{"message":"john.doe@example.com"}',
  );

export type Said = { text: string } | { toolUseId: string; name: string } | { input: string };

const eventOf = (said: Said): Buffer => {
  if ('text' in said) return event('contentBlockDelta', { contentBlockIndex: 0, delta: said });
  if ('input' in said) return event('contentBlockDelta', { contentBlockIndex: 1, delta: { toolUse: said } });
  return event('contentBlockStart', { contentBlockIndex: 1, start: { toolUse: said } });
};

export const events = (said: readonly Said[], stopReason = 'end_turn'): Buffer[] => [
  event('messageStart', { role: 'assistant' }),
  ...said.map(eventOf),
  event('contentBlockStop', { contentBlockIndex: 0 }),
  event('messageStop', { stopReason }),
  event('metadata', { usage: USAGE, metrics: { latencyMs: 40 } }),
];

/** In pieces of `size` bytes, so that none is a whole message. */
export const sendEvents =
  (frames: readonly Buffer[], size = 7): Behaviour =>
  (response) => {
    response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
    const bytes = Buffer.concat(frames);
    for (let at = 0; at < bytes.length; at += size) response.write(bytes.subarray(at, at + size));
    response.end();
  };
