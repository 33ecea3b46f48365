/** What a server sends over the WebSocket, field for field: the AsyncAPI document and the end-to-end suite use it; no function does. */
import * as z from 'zod';
import { askReply, problemReply } from './replies.ts';

const id = z.string().min(1);
const seq = z.int().min(0);

export const chunkFrame = z.strictObject({
  type: z.literal('chunk'),
  id,
  request_id: z.string(),
  seq,
  text: z.string().min(1),
});

export const responseFrame = z.strictObject({
  type: z.literal('response'),
  id,
  seq,
  ...askReply.shape,
  /** Left out where a message of 128 KB could not hold it; the chunks did then, streamed or not. */
  text: askReply.shape.text.optional(),
});

const { type: _, ...problem } = problemReply.shape;
export const errorFrame = z.strictObject({ type: z.literal('error'), id, ...problem });

export const pongFrame = z.strictObject({ type: z.literal('pong') });

export const closingFrame = z.strictObject({
  type: z.literal('closing'),
  reason: z.enum(['idle', 'max_duration', 'shutdown', 'draining', 'unauthenticated']),
  reconnect_after_ms: z.int().min(0),
});

export const serverFrame = z.discriminatedUnion('type', [
  chunkFrame,
  responseFrame,
  errorFrame,
  pongFrame,
  closingFrame,
]);

export type ServerFrame = z.output<typeof serverFrame>;
