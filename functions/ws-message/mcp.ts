/** Messages of the Model Context Protocol. A tool's call is handed over to a worker; all else is answered at once. */
import { AppError, invalidField } from '../../shared/errors/app-error.ts';
import { parseJson } from '../../shared/middleware/parse-body.ts';
import { KEPT_MS } from '../../shared/model/socket-limits.ts';
import type { QueuedCall } from '../../shared/model/socket-message.ts';
import type { AskQueue, ClientSockets } from '../../shared/ports/client-sockets.ts';
import type { ConnectionStore, SocketConnection } from '../../shared/ports/connection-store.ts';
import type { Authenticator } from '../../shared/services/authenticate.ts';
import type { DrainGate } from '../../shared/services/drain/drain-gate.ts';
import { answerMessage } from '../../shared/services/mcp/answer-message.ts';
import {
  cancelName,
  isRequest,
  type RpcMessage,
  rpcError,
  rpcMessage,
} from '../../shared/services/mcp/rpc.ts';
import type { Sealer } from '../../shared/services/sealer.ts';
import { QUEUE_PLACE } from '../../shared/services/socket/kept-answer.ts';

export interface McpDeps {
  authenticator: Authenticator;
  connections: ConnectionStore;
  sockets: ClientSockets;
  queue: AskQueue;
  sealer: Sealer;
  gate: DrainGate;
  version: string;
}

interface Received {
  connection: SocketConnection;
  requestId: string;
  /** Milliseconds since the epoch. */
  at: number;
}

export interface Mcp {
  take(received: Received, text: string): Promise<void>;
  refuse(connectionId: string, error: AppError): Promise<void>;
}

export const makeMcp = (deps: McpDeps): Mcp => {
  const call = async ({ connection, requestId, at }: Received, rpc: RpcMessage): Promise<void> => {
    await Promise.all([deps.authenticator.confirm(connection.principal), deps.gate.assertOpen()]);
    const { id: connectionId, principal } = connection;
    const id = cancelName(rpc.id);
    const queued: QueuedCall = { requestId, connectionId, id, principal, askedAt: at, rpc };
    await deps.queue.put(await deps.sealer.seal(QUEUE_PLACE, queued));
  };

  const cancel = async ({ connection, at }: Received, { params }: RpcMessage): Promise<void> => {
    const old = Object.entries(connection.cancelled).filter(([, when]) => when < at - KEPT_MS);
    const hash = await deps.sealer.hash(cancelName(params?.requestId));
    await deps.connections.cancel(
      connection.id,
      hash,
      at,
      old.map(([name]) => name),
    );
  };

  return {
    async take(received, text) {
      const message = read(text);
      const { id: connectionId } = received.connection;
      if (message.method === 'notifications/cancelled') return cancel(received, message);
      try {
        if (message.method === 'tools/call' && isRequest(message)) await call(received, message);
        else
          await answerMessage(message, {
            version: deps.version,
            signal: new AbortController().signal,
            send: async (reply) => void (await deps.sockets.post(connectionId, reply)),
          });
      } catch (error) {
        if (!(error instanceof AppError) || !isRequest(message)) throw error;
        await deps.sockets.post(connectionId, rpcError(message.id ?? null, 'refused', error.detail));
        if (error.code === 'unauthenticated') throw error;
      }
    },
    async refuse(connectionId, error) {
      // Told already, by the request's own id.
      if (error.code === 'unauthenticated') return;
      const code = error.status < 500 ? 'invalid' : 'internal';
      await deps.sockets.post(connectionId, rpcError(null, code, error.detail));
    },
  };
};

const read = (text: string): RpcMessage => {
  const { data, error } = rpcMessage.safeParse(parseJson(text));
  if (error !== undefined) throw invalidField('', 'must be one JSON-RPC 2.0 message');
  return data;
};
