/**
 * `Idempotency-Key`: the claim before a request is worked on, and the keeping of what came of it. What a later try may mend,
 * a fault of ours or a limit, is not kept: it frees the key.
 */
import { Readable } from 'node:stream';
import type { MiddlewareObj } from '@middy/core';
import { type Route, takesIdempotencyKey } from '../config/routes.ts';
import { asAppError, invalidField } from '../errors/app-error.ts';
import type { RequestLog } from '../observability/request-log.ts';
import { isTicket, type KeptReply, type Once, type Ticket } from '../services/replies/once.ts';
import type { HttpResponse } from './http-response.ts';
import { KeepingStream } from './keeping-stream.ts';
import type { ChainRequest } from './observe.ts';
import { routeKey } from './route.ts';
import { type GatewayEvent, headerOf, principalOf, type RequestScope } from './scope.ts';

export const IDEMPOTENCY_KEY = 'idempotency-key';

/** Printable ASCII. */
const KEY = /^[\x20-\x7e]{1,255}$/;
/** Payment, conflict, too many: they pass. */
const PASSING = new Set([402, 409, 429]);
/** Of the moment, not of the reply. */
const PASSING_HEADERS = /^x-ratelimit-/;

export interface IdempotencyDeps {
  once: Once;
  log: RequestLog;
}

type Middleware = MiddlewareObj<GatewayEvent, HttpResponse>;

export const idempotency = ({ once, log }: IdempotencyDeps): { claim: Middleware; keep: Middleware } => {
  /** What was answered and settled is not taken back for the want of a copy. */
  const tried = (scope: RequestScope, keeping: Promise<void>): Promise<void> =>
    keeping.catch((error: unknown) => log.failed(scope, asAppError(error)));

  const finish = (request: ChainRequest): Promise<void> | undefined => {
    const { ticket } = request.event.scope;
    return ticket === undefined ? undefined : finishWith(ticket, request);
  };

  const finishWith = async (ticket: Ticket, request: ChainRequest): Promise<void> => {
    const { response } = request;
    const { scope } = request.event;
    delete scope.ticket;
    if (response === null || response === undefined || isPassing(response.statusCode)) {
      await tried(scope, ticket.free());
    } else if (response.body instanceof Readable) {
      response.body = new KeepingStream(response.body, once.largestReply, {
        // Where the stream ended in an error event, that is told in the facts.
        ended: (body) =>
          tried(
            scope,
            scope.facts.error_code === undefined ? kept(ticket, scope, response, body) : ticket.free(),
          ),
        left: () => tried(scope, ticket.free()),
      });
    } else {
      const isLarge = Buffer.byteLength(response.body) > once.largestReply;
      await tried(scope, kept(ticket, scope, response, isLarge ? undefined : response.body));
    }
  };

  const claim = async (event: GatewayEvent, route: Route, idempotencyKey: string): Promise<void> => {
    const { scope } = event;
    const claimed = await once.claim({
      tenantId: principalOf(event).tenant_id,
      route: routeKey(route.method, route.resource),
      idempotencyKey,
      content: [event.pathParameters, scope.body],
      id: scope.id,
    });
    if (isTicket(claimed)) scope.ticket = claimed;
    else {
      scope.replay = claimed;
      scope.facts.replayed = true;
    }
  };

  return {
    claim: {
      before: ({ event }) => {
        const { route } = event.scope;
        const idempotencyKey = headerOf(event, IDEMPOTENCY_KEY);
        if (idempotencyKey === undefined || route === undefined || !takesIdempotencyKey(route)) return;
        if (!KEY.test(idempotencyKey))
          throw invalidField(`/headers/${IDEMPOTENCY_KEY}`, 'must be 1 to 255 printable ASCII characters');
        return claim(event, route, idempotencyKey);
      },
    },
    keep: { after: finish, onError: finish },
  };
};

const isPassing = (status: number): boolean => status >= 500 || PASSING.has(status);

const kept = (
  ticket: Ticket,
  { requestId: request_id }: RequestScope,
  { statusCode: status, headers }: HttpResponse,
  body: string | undefined,
): Promise<void> => {
  const lasting = Object.entries(headers).filter(([name]) => !PASSING_HEADERS.test(name));
  return ticket.keep(
    body === undefined ? undefined : { request_id, status, headers: Object.fromEntries(lasting), body },
  );
};

export const replayed = ({ status, headers, body }: KeptReply): HttpResponse => ({
  statusCode: status,
  headers: { ...headers, 'idempotent-replayed': 'true' },
  body,
});
