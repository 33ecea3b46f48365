/** What a client may send over the WebSocket. Unknown fields are refused and nothing is coerced, as over HTTP. */
import * as z from 'zod';
import type { Ask } from './ask.ts';
import { askSchema } from './ask-schema.ts';
import type { Principal } from './tenant.ts';

const id = z.string().min(1).max(128);

export const askMessage = z.strictObject({ type: z.literal('ask'), id: id.optional(), ...askSchema.shape });
export const cancelMessage = z.strictObject({ type: z.literal('cancel'), id });
export const pingMessage = z.strictObject({ type: z.literal('ping') });
export const resumeMessage = z.strictObject({
  type: z.literal('resume'),
  request_id: id,
  /** -1 for everything. */
  after_seq: z.int().min(-1),
});

export const MESSAGES = {
  ask: askMessage,
  cancel: cancelMessage,
  ping: pingMessage,
  resume: resumeMessage,
} as const;

export type MessageType = keyof typeof MESSAGES;
export type AskMessage = z.output<typeof askMessage>;
export type CancelMessage = z.output<typeof cancelMessage>;
export type ResumeMessage = z.output<typeof resumeMessage>;

export const SUBPROTOCOL = 'atp.v1';
/** The Model Context Protocol: JSON-RPC instead of our own messages. */
export const MCP_PROTOCOL = 'mcp';
/** A browser sets no headers: there the key follows this in `Sec-WebSocket-Protocol`. */
export const KEY_PROTOCOL = 'atp.key.';

/** An ask on its way to a worker; it lies in the queue sealed. */
export interface QueuedAsk {
  requestId: string;
  connectionId: string;
  /** The client's own, or the request's. */
  id: string;
  principal: Principal;
  /** When it came in, milliseconds since the epoch: a later cancellation of its id means it. */
  askedAt: number;
  ask: Ask;
}

/** A call of a tool, as JSON-RPC has it, on its way to a worker. */
export interface QueuedCall extends Omit<QueuedAsk, 'ask'> {
  rpc: { [field: string]: unknown };
}
