/** What goes to a client, and how an answer is cut into frames. */
import type { AppError } from '../../errors/app-error.ts';
import { type Problem, toProblem } from '../../errors/problem.ts';
import { MAX_CHUNK_BYTES, MAX_RESPONSE_BYTES } from '../../model/socket-limits.ts';
import type { AskReply } from '../answer/answer.ts';

/** The client's own id of an ask, or the request's where it gave none; and the request's. */
export interface FrameIds {
  id: string;
  request_id: string;
}

export interface ChunkFrame extends FrameIds {
  type: 'chunk';
  seq: number;
  text: string;
}

/** Without `text` where a message could not hold it: the chunks did. */
export interface ResponseFrame extends FrameIds, Omit<AskReply, 'text'> {
  type: 'response';
  seq: number;
  text?: string;
}

export interface ErrorFrame extends Omit<Problem, 'type'> {
  type: 'error';
  id: string;
}

export type ClosingReason = 'idle' | 'max_duration' | 'shutdown' | 'draining' | 'unauthenticated';

export interface ClosingFrame {
  type: 'closing';
  reason: ClosingReason;
  reconnect_after_ms: number;
}

export type Frame = ChunkFrame | ResponseFrame | ErrorFrame | ClosingFrame | { type: 'pong' };

/** `redact` takes care of field names, which are the caller's words too. */
export const errorFrame = (error: AppError, ids: FrameIds, redact: (text: string) => string): ErrorFrame => {
  const fields = error.errors?.map(({ path, message }) => ({ path: redact(path), message: redact(message) }));
  const told = fields === undefined ? error : error.withErrors(fields);
  return { ...toProblem(told, ids.request_id), type: 'error', id: ids.id };
};

export const chunkFrame = (ids: FrameIds, seq: number, text: string): ChunkFrame => ({
  type: 'chunk',
  ...ids,
  seq,
  text,
});

export const bytesOf = (frame: Frame): number => Buffer.byteLength(JSON.stringify(frame));

export const fitsMessage = (frame: Frame): boolean => bytesOf(frame) <= MAX_RESPONSE_BYTES;

const isHighSurrogate = (text: string, at: number): boolean => (text.charCodeAt(at) & 0xfc00) === 0xd800;

/** How many characters of `text` go into one chunk: all, or as many as its bytes allow, and no half of a pair. */
export const chunkLength = (ids: FrameIds, seq: number, text: string): number => {
  // Every character takes a byte at least, so that a longer piece cannot fit.
  let length = Math.min(text.length, MAX_CHUNK_BYTES);
  while (length > 1) {
    if (length < text.length && isHighSurrogate(text, length - 1)) length -= 1;
    if (bytesOf(chunkFrame(ids, seq, text.slice(0, length))) <= MAX_CHUNK_BYTES) break;
    length = Math.floor(length * 0.75);
  }
  return length;
};
