/** Messages of clients. An ask is handed over to a worker at once: API Gateway waits 29 s here, and a model may take longer. */
import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import { AppError, asAppError, invalidField } from '../../shared/errors/app-error.ts';
import { KEPT_MS } from '../../shared/model/socket-limits.ts';
import type {
  AskMessage,
  CancelMessage,
  QueuedAsk,
  ResumeMessage,
} from '../../shared/model/socket-message.ts';
import type { RequestLog } from '../../shared/observability/request-log.ts';
import type { AskStore } from '../../shared/ports/ask-store.ts';
import type { AskQueue, ClientSockets } from '../../shared/ports/client-sockets.ts';
import type { ConnectionStore, SocketConnection } from '../../shared/ports/connection-store.ts';
import type { Clock, IdSource } from '../../shared/ports/runtime.ts';
import type { CallFacts } from '../../shared/services/answer/call-service.ts';
import { type Denials, denialOf } from '../../shared/services/audit/denial-trail.ts';
import type { Authenticator } from '../../shared/services/authenticate.ts';
import type { DrainGate } from '../../shared/services/drain/drain-gate.ts';
import type { Sealer } from '../../shared/services/sealer.ts';
import { errorFrame, type Frame } from '../../shared/services/socket/frames.ts';
import { framesAfter, placeOf, QUEUE_PLACE, unpack } from '../../shared/services/socket/kept-answer.ts';
import type { Mcp } from './mcp.ts';
import { readMessage } from './read-message.ts';

export interface MessageDeps {
  authenticator: Authenticator;
  gate: DrainGate;
  asks: AskStore;
  connections: ConnectionStore;
  sockets: ClientSockets;
  queue: AskQueue;
  sealer: Sealer;
  clock: Clock;
  ids: IdSource;
  log: RequestLog;
  denials?: Denials;
  /** Loaded when the first such message comes. */
  mcp: () => Promise<Mcp>;
  redact: (text: string) => string;
}

/** One message and what is known of it. */
export interface Received {
  connection: SocketConnection;
  requestId: string;
  /** Milliseconds since the epoch, by API Gateway's clock. */
  at: number;
}

export interface MessageReply {
  statusCode: number;
}

/** Written down at most so often. */
const SEEN_MS = 60_000;

export const makeHandler = (deps: MessageDeps) => {
  const send = (connectionId: string, frame: Frame): Promise<'sent' | 'gone'> =>
    deps.sockets.post(connectionId, JSON.stringify(frame));

  const ask = async ({ connection, requestId, at }: Received, message: AskMessage): Promise<void> => {
    await Promise.all([deps.authenticator.confirm(connection.principal), deps.gate.assertOpen()]);
    const { type: _, id = requestId, ...fields } = message;
    const { id: connectionId, principal } = connection;
    const queued: QueuedAsk = { requestId, connectionId, id, principal, askedAt: at, ask: fields };
    await deps.queue.put(await deps.sealer.seal(QUEUE_PLACE, queued));
  };

  const cancel = async ({ connection, at }: Received, { id }: CancelMessage): Promise<void> => {
    const old = Object.entries(connection.cancelled).filter(([, when]) => when < at - KEPT_MS);
    const forget = old.map(([hash]) => hash);
    await deps.connections.cancel(connection.id, await deps.sealer.hash(id), at, forget);
  };

  const resume = async ({ connection }: Received, message: ResumeMessage): Promise<void> => {
    await deps.authenticator.confirm(connection.principal);
    const { request_id: requestId, after_seq: afterSeq } = message;
    const found = await deps.asks.find(requestId);
    if (found === undefined || found.tenantId !== connection.principal.tenant_id) throw notFound();
    if (await deps.asks.move(requestId, { connectionId: connection.id, afterSeq })) return;
    const { sealed } = (await deps.asks.find(requestId)) ?? {};
    if (sealed === undefined) throw notFound();
    const kept = unpack(await deps.sealer.open(placeOf(requestId), sealed));
    for (const frame of framesAfter(kept, afterSeq))
      if ((await send(connection.id, frame)) === 'gone') return;
  };

  const dispatch = async (
    received: Received,
    message: ReturnType<ReturnType<typeof readMessage>['parse']>,
  ) => {
    switch (message.type) {
      case 'ask':
        return ask(received, message);
      case 'cancel':
        return cancel(received, message);
      case 'resume':
        return resume(received, message);
      case 'ping':
        await send(received.connection.id, { type: 'pong' });
    }
  };

  const present = async (connection: SocketConnection | undefined, at: number): Promise<SocketConnection> => {
    if (connection === undefined) throw new AppError('unauthenticated', 'The connection is not known.');
    if (at - connection.seen_at > SEEN_MS || connection.closing_at !== undefined)
      await deps.connections.seen(connection.id, at);
    return connection;
  };

  const turnAway = async (connectionId: string, isMcp: boolean): Promise<void> => {
    const closing: Frame = { type: 'closing', reason: 'unauthenticated', reconnect_after_ms: 0 };
    if (!isMcp) await send(connectionId, closing);
    await deps.connections.close(connectionId);
    await deps.sockets.close(connectionId);
  };

  return async (event: APIGatewayProxyWebsocketEventV2): Promise<MessageReply> => {
    const { connectionId, requestTimeEpoch: at } = event.requestContext;
    const startedAt = deps.clock.monotonic();
    const requestId = deps.ids.uuidv7();
    const scope: Scope = { requestId, facts: {} };
    let status = 200;
    let id = requestId;
    let isMcp = false;
    try {
      if (event.isBase64Encoded) throw invalidField('', 'must be text, not binary');
      const text = event.body ?? '';
      const found = await deps.connections.find(connectionId);
      isMcp = found?.protocol === 'mcp';
      if (isMcp) {
        scope.route = { method: 'WS', resource: 'mcp' };
        const connection = await present(found, at);
        scope.principal = connection.principal;
        await (await deps.mcp()).take({ connection, requestId, at }, text);
      } else {
        const read = readMessage(text);
        id = read.id ?? requestId;
        const message = read.parse();
        scope.route = { method: 'WS', resource: message.type };
        const connection = await present(found, at);
        scope.principal = connection.principal;
        await dispatch({ connection, requestId, at }, message);
      }
    } catch (thrown) {
      const error = asAppError(thrown);
      status = error.status;
      scope.facts.error_code = error.code;
      if (status >= 500) deps.log.failed(scope, error);
      const denial = denialOf(error, { ...scope, id: requestId });
      if (denial !== undefined) await deps.denials?.note(denial);
      if (isMcp) await (await deps.mcp()).refuse(connectionId, error);
      else await send(connectionId, errorFrame(error, { id, request_id: requestId }, deps.redact));
      if (error.code === 'unauthenticated') await turnAway(connectionId, isMcp);
    }
    deps.log.ended(scope, status, deps.clock.monotonic() - startedAt);
    const lost = await deps.authenticator.settled();
    if (lost !== undefined) deps.log.failed(scope, lost);
    return { statusCode: 200 };
  };
};

interface Scope {
  requestId: string;
  route?: { method: string; resource: string };
  principal?: SocketConnection['principal'];
  facts: CallFacts & { error_code?: string };
}

const notFound = (): AppError =>
  new AppError('not_found', 'There is no such answer to resume.', {
    errors: [{ path: '/request_id', message: 'is not known, or was answered too long ago' }],
  });
