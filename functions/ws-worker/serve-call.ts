/** A tool's call from the queue, answered as `POST /mcp` does. Nothing of it is kept: the protocol knows no coming back. */
import { AppError, asAppError } from '../../shared/errors/app-error.ts';
import type { QueuedCall } from '../../shared/model/socket-message.ts';
import { answerMessage } from '../../shared/services/mcp/answer-message.ts';
import { callTool } from '../../shared/services/mcp/call-tool.ts';
import { type RpcMessage, rpcError } from '../../shared/services/mcp/rpc.ts';
import { errorFrame } from '../../shared/services/socket/frames.ts';
import { pack, placeOf } from '../../shared/services/socket/kept-answer.ts';
import { type OwnApiDeps, ownApi } from './own-api.ts';
import type { Scope, ServeDeps } from './serve-ask.ts';
import { watch } from './watch.ts';

export interface CallDeps extends ServeDeps, OwnApiDeps {
  version: string;
}

const ROUTE = { method: 'WS', resource: 'mcp' };
const gone = (): AppError => new AppError('conflict', 'The client is gone.');

export const serveCall = async (
  deps: CallDeps,
  queued: QueuedCall,
  isLost: boolean,
  remainingMs: () => number,
): Promise<void> => {
  const { clock, log, sockets } = deps;
  const { requestId, connectionId, principal } = queued;
  const rpc = queued.rpc as RpcMessage;
  const startedAt = clock.monotonic();
  const scope: Scope = { requestId, route: ROUTE, principal, facts: {} };
  const recipient = { connectionId, afterSeq: -1 };
  const watching = watch(deps, queued, { recipient, moveTo: () => undefined }, remainingMs);
  const left = new AbortController();
  const signal = AbortSignal.any([watching.signal, left.signal]);
  const identity = {
    requestId,
    id: requestId,
    tenantId: principal.tenant_id,
    principal,
    startedAt,
    facts: scope.facts,
  };
  const caller = { api: ownApi(deps, identity, principal.scopes), headers: {}, requestId };
  let status = 200;
  try {
    if (isLost) throw new AppError('unavailable', 'The call was interrupted. Call again.');
    await answerMessage(rpc, {
      version: deps.version,
      callTool: (call) => callTool(caller, call),
      signal,
      send: async (text) => {
        if ((await sockets.post(connectionId, text)) === 'gone') left.abort();
      },
    });
  } catch (thrown) {
    const error = watching.reason() ?? (left.signal.aborted ? gone() : asAppError(thrown));
    if (error.status >= 500) log.failed(scope, error);
    scope.facts.error_code = error.code;
    status = error.status;
    // Whoever cancelled or left waits for no reply.
    if (error.code !== 'conflict')
      await sockets.post(connectionId, rpcError(rpc.id ?? null, 'internal', error.detail));
  }
  watching.stop();
  await end(deps, requestId, connectionId).catch((error: unknown) => log.failed(scope, asAppError(error)));
  log.ended(scope, status, clock.monotonic() - startedAt);
};

/** So that a message that comes twice is answered once; who would resume it finds nothing. */
const end = async ({ asks, sealer, redact }: CallDeps, requestId: string, connectionId: string) => {
  const ids = { id: requestId, request_id: requestId };
  const last = errorFrame(new AppError('not_found', 'There is nothing to resume.'), ids, redact);
  const sealed = await sealer.seal(placeOf(requestId), pack({ ids, texts: [], last }));
  await asks.end(requestId, { connectionId, afterSeq: -1 }, sealed);
};
