/** One JSON-RPC message of a WebSocket, answered by a server of its own. */
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { MAX_RESPONSE_BYTES } from '../../model/socket-limits.ts';
import { isRequest, type RpcMessage, rpcError } from './rpc.ts';
import { type CallTool, mcpServer } from './server.ts';

export interface AnswerOptions {
  version: string;
  /** Where tools may be called. */
  callTool?: CallTool;
  /** An abort ends the call; there is no reply then. */
  signal: AbortSignal;
  send(text: string): Promise<void>;
}

const TOO_LONG = 'The result is longer than a message may be.';

/** Settles when the reply was sent, or the call has ended without one; at once where the message wants none. */
export const answerMessage = async (
  message: RpcMessage,
  { version, callTool, signal, send }: AnswerOptions,
): Promise<void> => {
  let running: Promise<unknown> = Promise.resolve();
  const tracked: CallTool | undefined =
    callTool &&
    ((call) => {
      const result = callTool({ ...call, signal: AbortSignal.any([call.signal, signal]) });
      running = result.catch(() => undefined);
      return result;
    });
  const server = mcpServer(version, tracked);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = (): void => reject(signal.reason);
  await server.connect({
    start: async () => undefined,
    close: async () => undefined,
    send: async (reply: JSONRPCMessage) => {
      if (!signal.aborted) await send(fitting(reply, message));
      if (!('method' in reply)) resolve();
    },
  });
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  if (!isRequest(message)) resolve();
  server.transport?.onmessage?.(message as JSONRPCMessage);
  try {
    await promise;
  } finally {
    signal.removeEventListener('abort', abort);
    // What was used has to be settled before the function may be frozen.
    await running;
    await server.close();
  }
};

/** A result says its text twice; where that is too long, once. */
const fitting = (reply: JSONRPCMessage, message: RpcMessage): string => {
  const text = JSON.stringify(reply);
  if (Buffer.byteLength(text) <= MAX_RESPONSE_BYTES) return text;
  if (!('result' in reply)) return rpcError(message.id ?? null, 'internal', TOO_LONG);
  const { structuredContent: _, ...result } = reply.result;
  const shorter = JSON.stringify({ ...reply, result });
  return Buffer.byteLength(shorter) <= MAX_RESPONSE_BYTES
    ? shorter
    : rpcError(message.id ?? null, 'internal', TOO_LONG);
};
