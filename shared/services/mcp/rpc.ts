/** JSON-RPC 2.0 as far as a WebSocket's messages are told apart by it. */
import * as z from 'zod';
import type { ClosingFrame } from '../socket/frames.ts';

const id = z.union([z.string().max(128), z.int()]);

export const rpcMessage = z.looseObject({
  jsonrpc: z.literal('2.0'),
  id: id.optional(),
  method: z.string().max(128).optional(),
  params: z.looseObject({}).optional(),
});
export type RpcMessage = z.output<typeof rpcMessage>;

const CODES = { parse: -32_700, invalid: -32_600, internal: -32_603, refused: -32_000 } as const;

/** Does it want a reply? */
export const isRequest = ({ id: given, method }: RpcMessage): boolean =>
  given !== undefined && method !== undefined;

export const rpcError = (given: string | number | null, code: keyof typeof CODES, message: string): string =>
  JSON.stringify({ jsonrpc: '2.0', id: given, error: { code: CODES[code], message } });

/** The name under which a request can be cancelled: 1 and "1" are two. */
export const cancelName = (given: unknown): string => `mcp:${JSON.stringify(given ?? null)}`;

/** What says on such a connection that it is going to be closed. */
export const closingNotice = ({ type: _, ...params }: ClosingFrame): string =>
  JSON.stringify({ jsonrpc: '2.0', method: 'notifications/closing', params });
