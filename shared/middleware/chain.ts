/**
 * The one order of middleware. Before: observe, problem, trace, route, authenticate, parse, the claim of an idempotency key,
 * then the function's own (redact, admit), which a reply that is given again skips. After and on error they run in reverse,
 * so `problem` makes the reply, it is kept where the key asks for that, and `observe` completes it.
 * Early timeouts are off: Middy's abort controller is shared by concurrent requests.
 */
import { Readable } from 'node:stream';
import middy, { type MiddlewareObj, type MiddyfiedHandler, type Request } from '@middy/core';
import { executionModeStandard } from '@middy/core/executionModeStandard';
import { executionModeStreamifyResponse } from '@middy/core/executionModeStreamifyResponse';
import { ROUTES, type Route } from '../config/routes.ts';
import type { RequestLog } from '../observability/request-log.ts';
import type { Clock, IdSource } from '../ports/runtime.ts';
import type { Tracing } from '../ports/tracing.ts';
import type { Denials } from '../services/audit/denial-trail.ts';
import type { Authenticator } from '../services/authenticate.ts';
import type { QuotaNotices } from '../services/quota-notices.ts';
import type { Once } from '../services/replies/once.ts';
import { authenticate, usesWritten } from './authenticate.ts';
import type { HttpResponse } from './http-response.ts';
import { idempotency, replayed } from './idempotency.ts';
import { type ChainRequest, observe } from './observe.ts';
import { type BodySchema, parseBody } from './parse-body.ts';
import { problem } from './problem.ts';
import { matchRoute, routeKey } from './route.ts';
import type { GatewayEvent } from './scope.ts';
import { beginSpan, endSpan } from './span.ts';
import { watchReader } from './watch-reader.ts';

export type RouteHandler = (event: GatewayEvent) => Promise<HttpResponse> | HttpResponse;

export interface ChainDeps {
  clock: Clock;
  ids: IdSource;
  log: RequestLog;
  /** Needed unless every route of the function is public. */
  authenticator?: Authenticator;
  redact: (text: string) => string;
  holdsPersonalData: (text: string) => boolean;
  /** Where refusals are written down. */
  denials?: Denials;
  /** Told of whoever runs into a limit. */
  limits?: Pick<QuotaNotices, 'note'>;
  /** Needed where a route takes idempotency keys. */
  once?: Once;
  /** Powertools' tracer middleware, where tracing is on. */
  trace?: MiddlewareObj<GatewayEvent, HttpResponse>;
  /** OpenTelemetry's spans, where they are on. */
  tracing?: Tracing | undefined;
}

export interface FunctionSpec {
  handlers: Readonly<Record<string, RouteHandler>>;
  schemas?: Readonly<Record<string, BodySchema>>;
  /** After parsing, before the handler; what they have beside `before` is left out. */
  own?: readonly Pick<MiddlewareObj<GatewayEvent, HttpResponse>, 'before'>[];
  streams?: boolean;
  /** The route table, where it is not the API's own. */
  routes?: readonly Route[];
}

/** A reader that left before the first byte leaves the stream as it was: closing it ends the work behind it. */
const closed = (body: Readable): Promise<void> =>
  new Promise((resolve) => {
    if (body.closed) resolve();
    // What goes wrong while it closes is nobody's any more: the reader has left.
    else
      body
        .once('close', resolve)
        .on('error', () => undefined)
        .destroy();
  });

export const buildChain = (
  deps: ChainDeps,
  spec: FunctionSpec,
): MiddyfiedHandler<GatewayEvent, HttpResponse> => {
  const requestEnd = async (request: Request): Promise<void> => {
    const { event, response } = request as ChainRequest;
    const { scope } = event;
    if (response?.body instanceof Readable) await closed(response.body);
    deps.log.ended(scope, response?.statusCode ?? 500, deps.clock.monotonic() - scope.startedAt);
    await usesWritten(deps, scope);
    if (scope.span !== undefined) await endSpan(deps.tracing, scope, response?.statusCode ?? 500);
  };
  const dispatch = async (event: GatewayEvent): Promise<HttpResponse> => {
    if (event.scope.replay !== undefined) return replayed(event.scope.replay);
    const handler = spec.handlers[routeKey(event.httpMethod, event.resource)];
    if (handler === undefined) throw new Error('the function does not serve this route');
    return handler(event);
  };
  const chain = middy<GatewayEvent, HttpResponse>(dispatch, {
    timeoutEarlyInMillis: 0,
    executionMode: spec.streams === true ? executionModeStreamifyResponse : executionModeStandard,
    requestEnd,
  });
  const { once, log } = deps;
  const keyed = once === undefined ? undefined : idempotency({ once, log });
  chain.use(observe(deps));
  if (keyed !== undefined) chain.use(keyed.keep);
  chain.use(problem(deps));
  if (deps.trace !== undefined) chain.use(deps.trace);
  chain.use(matchRoute(spec.routes ?? ROUTES));
  if (deps.tracing !== undefined) chain.use(beginSpan(deps.tracing));
  const { authenticator, holdsPersonalData } = deps;
  if (authenticator !== undefined) chain.use(authenticate({ authenticator, holdsPersonalData }));
  chain.use(parseBody(spec.schemas ?? {}));
  if (keyed !== undefined) chain.use(keyed.claim);
  for (const { before } of spec.own ?? []) {
    if (before !== undefined)
      chain.use({
        before: (request) => (request.event.scope.replay === undefined ? before(request) : undefined),
      });
  }
  return spec.streams === true ? (watchReader(chain as never) as never) : chain;
};
