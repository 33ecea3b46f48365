/** One ask from the queue: claimed, answered on the path of `POST /v1/ask`, delivered, and its frames kept for `resume`. */
import { AppError, asAppError } from '../../shared/errors/app-error.ts';
import { endSpan } from '../../shared/middleware/span.ts';
import type { QueuedAsk, QueuedCall } from '../../shared/model/socket-message.ts';
import type { RequestLog } from '../../shared/observability/request-log.ts';
import type { AskStore } from '../../shared/ports/ask-store.ts';
import type { ClientSockets } from '../../shared/ports/client-sockets.ts';
import type { ConnectionStore } from '../../shared/ports/connection-store.ts';
import type { Clock } from '../../shared/ports/runtime.ts';
import type { Span, Tracing } from '../../shared/ports/tracing.ts';
import type { AskReply } from '../../shared/services/answer/answer.ts';
import type { AnswerService } from '../../shared/services/answer/answer-prompt.ts';
import {
  type CallFacts,
  type CallService,
  callOf,
  noteReply,
} from '../../shared/services/answer/call-service.ts';
import type { QuotaNotices } from '../../shared/services/quota-notices.ts';
import type { Sealer } from '../../shared/services/sealer.ts';
import { errorFrame } from '../../shared/services/socket/frames.ts';
import { pack, placeOf, QUEUE_PLACE } from '../../shared/services/socket/kept-answer.ts';
import { Delivery } from './delivery.ts';
import { watch } from './watch.ts';

export interface ServeDeps {
  calls: CallService;
  answers: AnswerService;
  asks: AskStore;
  connections: ConnectionStore;
  sockets: ClientSockets;
  sealer: Sealer;
  clock: Clock;
  log: RequestLog;
  tracing?: Tracing | undefined;
  /** Told of whoever runs into a limit. */
  limits?: Pick<QuotaNotices, 'note'>;
  redact: (text: string) => string;
  /** Loaded when a tool is first called. */
  serveCall: () => Promise<ServeCall>;
}

export type ServeCall = (queued: QueuedCall, isLost: boolean, remainingMs: () => number) => Promise<void>;

export interface Scope {
  requestId: string;
  route: { method: string; resource: string };
  principal: QueuedAsk['principal'];
  facts: CallFacts & { error_code?: string };
  span?: Span | undefined;
}

/** Longer than a worker may take, so that who claims it after that knows the former to be gone. */
const LEASE_MS = 100_000;
const ROUTE = { method: 'WS', resource: 'ask' };
/** A client that keeps coming back on new connections does not keep a worker for ever. */
const MOST_MOVES = 10;

/** `remainingMs` says what time is left to the worker. Throws where the message has to come again. */
export const serveAsk = async (deps: ServeDeps, body: string, remainingMs: () => number): Promise<void> => {
  const { asks, clock, log } = deps;
  const queued = await deps.sealer.open<QueuedAsk | QueuedCall>(QUEUE_PLACE, body);
  const { requestId, connectionId, principal } = queued;
  const startedAt = clock.monotonic();
  const claim = await asks.claim({ requestId, connectionId, tenantId: principal.tenant_id }, LEASE_MS);
  if (claim === 'ended') return;
  if (claim === 'busy') throw new AppError('conflict', 'Another worker answers it.');
  if ('rpc' in queued) return (await deps.serveCall())(queued, claim === 'lost', remainingMs);
  const recipient = (claim === 'lost' ? await asks.find(requestId) : undefined) ?? {
    connectionId,
    afterSeq: -1,
  };
  const ids = { id: queued.id, request_id: requestId };
  const delivery = new Delivery(deps.sockets, ids, recipient);
  const scope: Scope = { requestId, route: ROUTE, principal, facts: {} };
  scope.span = deps.tracing?.begin('WS ask', 'consumer', { 'messaging.operation.type': 'process' });
  const watching = watch(deps, queued, delivery, remainingMs);
  let status = 200;
  try {
    if (claim === 'lost') throw new AppError('unavailable', 'The answer was interrupted. Ask again.');
    delivery.respond(await answer(deps, queued, delivery, watching.signal, scope, startedAt));
  } catch (thrown) {
    const error = watching.reason() ?? asAppError(thrown);
    if (error.status >= 500) log.failed(scope, error);
    scope.facts.error_code = error.code;
    await deps.limits?.note(error, principal.tenant_id, requestId);
    status = error.status;
    delivery.fail(errorFrame(error, ids, deps.redact));
  }
  watching.stop();
  // What was answered and settled is not answered again for the want of a copy.
  await keep(deps, requestId, delivery).catch((error: unknown) => log.failed(scope, asAppError(error)));
  log.ended(scope, status, clock.monotonic() - startedAt);
  if (scope.span !== undefined) await endSpan(deps.tracing, scope, status);
};

const answer = async (
  { calls, answers }: ServeDeps,
  { ask, requestId, principal }: QueuedAsk,
  delivery: Delivery,
  signal: AbortSignal,
  { facts, span }: Scope,
  startedAt: number,
): Promise<AskReply> => {
  signal.throwIfAborted();
  const tenantId = principal.tenant_id;
  const prepared = await calls.prepare(callOf(ask), tenantId, facts);
  const admission = calls.admit(prepared, requestId, principal, span);
  const identity = { requestId, id: requestId, tenantId, startedAt, facts, span };
  const { job } = await calls.start(prepared, admission, identity);
  let reply: AskReply | undefined;
  if (ask.stream) {
    for await (const part of (await answers.stream(job, signal)).parts) {
      if ('text' in part) delivery.write(part.text);
      else if ('reply' in part) reply = part.reply;
    }
  } else reply = await answers.answer(job, signal);
  if (reply === undefined) throw new Error('the stream ended without a reply');
  noteReply(facts, reply);
  return reply;
};

const keep = async ({ asks, sealer }: ServeDeps, requestId: string, delivery: Delivery): Promise<void> => {
  for (let move = 0; move < MOST_MOVES; move++) {
    await delivery.settled();
    const sealed = await sealer.seal(placeOf(requestId), pack(delivery.kept));
    if (await asks.end(requestId, delivery.recipient, sealed)) return;
    const moved = await asks.find(requestId);
    if (moved === undefined || moved.sealed !== undefined) return;
    delivery.moveTo(moved);
  }
};
