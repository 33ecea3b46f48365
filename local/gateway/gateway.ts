/** What API Gateway does, at home: routes, limits, proxy events, and the reply as the function streams it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { errorFormOf, type FunctionName } from '../../shared/config/routes.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { CONSOLE_PATH, type ConsoleSite } from '../console/site.ts';
import { InvocationContext } from '../lambda/invocation-context.ts';
import { METRICS_PATH, METRICS_TYPE } from '../metrics/metrics-page.ts';
import type { AccessLog } from './access-log.ts';
import { proxyEvent } from './event.ts';
import { Exchange } from './exchange.ts';
import type { LoadedFunction } from './functions.ts';
import { encodingFault, headFault } from './head-fault.ts';
import { announcesBody, readBody } from './read-body.ts';
import type { Router } from './router.ts';
import type { CallerCheck } from './who-may-call.ts';

export interface GatewayDeps {
  router: Router;
  functions: ReadonlyMap<FunctionName, LoadedFunction>;
  callers: CallerCheck;
  log: AccessLog;
  newId(): string;
  /** Tells of a handler that failed; the error's name alone, since its message may hold what a caller sent. */
  onHandlerError(functionName: string, error: unknown): void;
  /** The page for Prometheus. */
  metrics(): Promise<string>;
  /** The console's pages, where they are served. */
  site?: ConsoleSite;
}

const CLIENT_GONE = 499;
const LOOPBACK = /^(?:::ffff:)?127\.|^::1$/;

const isLoopback = (address: string | undefined): boolean => LOOPBACK.test(address ?? '');

const internal = (): AppError => new AppError('internal', 'The request could not be completed.');

export class Gateway {
  readonly #deps: GatewayDeps;
  readonly #underway = new Set<Exchange>();
  #draining = false;

  constructor(deps: GatewayDeps) {
    this.#deps = deps;
  }

  /** Requests that have not been answered in full. */
  get underway(): number {
    return this.#underway.size;
  }

  drain(): void {
    this.#draining = true;
    for (const exchange of this.#underway) {
      exchange.last = true;
      if (exchange.endless) exchange.leave();
    }
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const exchange = new Exchange(request, response, this.#deps.newId(), performance.now());
    this.#underway.add(exchange);
    response.on('close', () => this.#closed(exchange));
    response.on('error', () => undefined);
    if (this.#draining) {
      exchange.last = true;
      exchange.problem(new AppError('draining', 'This instance is shutting down.'));
      return;
    }
    this.#serve(exchange).catch(() => exchange.problem(internal()));
  }

  /** Gives up what has outlived API Gateway's patience; to be called every second or so. */
  expire(): void {
    const now = performance.now();
    for (const exchange of this.#underway) {
      if (exchange.deadline > now) continue;
      exchange.stream?.destroy(new Error('the time limit was reached'));
      exchange.problem(new AppError('upstream_timeout', 'The request took longer than the gateway waits.'));
    }
  }

  async #serve(exchange: Exchange): Promise<void> {
    const { request } = exchange;
    const { method = 'GET', url = '/' } = request;
    const fault = headFault(request, this.#deps.callers);
    if (fault !== undefined) return exchange.problem(fault);
    const mark = url.indexOf('?');
    const path = mark < 0 ? url : url.slice(0, mark);
    if (path === METRICS_PATH) return this.#metrics(exchange, method);
    if (this.#deps.site?.isHere(path) === true) return this.#console(exchange, method, path, this.#deps.site);
    const match = this.#deps.router.match(method, path);
    if (match.kind === 'unknown')
      return exchange.problem(new AppError('not_found', 'There is no such path.'));
    if (match.kind === 'wrong_method') {
      exchange.label = `${method} ${match.resource}`;
      exchange.errors = errorFormOf(match.resource);
      const options = { headers: { allow: match.allow } };
      return exchange.problem(new AppError('method_not_allowed', `Allowed here: ${match.allow}.`, options));
    }
    exchange.label = `${method} ${match.route.resource}`;
    exchange.errors = match.route.errors;
    exchange.endless = match.route.endless === true;
    let body: Buffer | undefined;
    if (announcesBody(request)) {
      const outcome = await readBody(request);
      if (outcome.kind === 'gone') return;
      if (outcome.kind === 'too_large') {
        exchange.last = true;
        return exchange.problem(new AppError('payload_too_large', 'A body may have 10 MiB at most.'));
      }
      const encoding = encodingFault(request);
      if (encoding !== undefined) return exchange.problem(encoding);
      body = outcome.body;
    }
    const fn = this.#deps.functions.get(match.route.function);
    if (fn === undefined) return exchange.problem(internal());
    const event = proxyEvent({
      route: match.route,
      parameters: match.parameters,
      method,
      path,
      query: mark < 0 ? '' : url.slice(mark + 1),
      rawHeaders: request.rawHeaders,
      body,
      sourceIp: request.socket.remoteAddress ?? '',
      protocol: `HTTP/${request.httpVersion}`,
      requestId: exchange.requestId,
    });
    exchange.deadline = performance.now() + fn.timeoutMs;
    const context = new InvocationContext(fn.template, exchange.requestId, exchange.deadline);
    try {
      if (fn.streaming !== undefined) {
        const stream = exchange.openStream();
        await fn.streaming(event, stream, context);
        if (!stream.writableEnded && !stream.destroyed) stream.end();
        if (stream.errored !== null) throw stream.errored;
      } else if (fn.buffered !== undefined) {
        const result = await fn.buffered(event, context);
        if (!exchange.response.headersSent && !exchange.response.destroyed) sendResult(exchange, result);
      }
    } catch (error) {
      this.#failed(exchange, fn, error);
    }
  }

  /** No route of the API, which AWS serves too: CloudWatch has the numbers there. Only for who is on this machine. */
  async #metrics(exchange: Exchange, method: string): Promise<void> {
    exchange.label = `${method} ${METRICS_PATH}`;
    if (!isLoopback(exchange.request.socket.remoteAddress)) {
      return exchange.problem(new AppError('not_found', 'There is no such path.'));
    }
    if (method !== 'GET' && method !== 'HEAD') {
      const options = { headers: { allow: 'GET' } };
      return exchange.problem(new AppError('method_not_allowed', 'Allowed here: GET.', options));
    }
    const headers = { 'content-type': METRICS_TYPE, 'cache-control': 'no-store' };
    exchange.reply({ statusCode: 200, headers }, await this.#deps.metrics());
  }

  async #console(exchange: Exchange, method: string, path: string, site: ConsoleSite): Promise<void> {
    exchange.label = `${method} ${CONSOLE_PATH}`;
    if (method !== 'GET' && method !== 'HEAD') {
      const options = { headers: { allow: 'GET, HEAD' } };
      return exchange.problem(new AppError('method_not_allowed', 'Allowed here: GET, HEAD.', options));
    }
    const encoding = exchange.request.headers['accept-encoding'];
    const reply = await site.reply(path, Array.isArray(encoding) ? encoding.join() : encoding);
    if (reply === undefined) return exchange.problem(new AppError('not_found', 'There is no such path.'));
    exchange.reply(reply, reply.body);
  }

  #failed(exchange: Exchange, fn: LoadedFunction, error: unknown): void {
    // A client that left, or a time limit that struck, is no fault of the handler's.
    if (exchange.response.destroyed || exchange.response.writableEnded) return;
    this.#deps.onHandlerError(fn.template.functionName, error);
    exchange.problem(internal());
  }

  #closed(exchange: Exchange): void {
    if (!this.#underway.delete(exchange)) return;
    const { response, stream } = exchange;
    const complete = response.writableFinished;
    if (!complete) stream?.destroy(new Error('the client went away'));
    const status = complete || response.headersSent ? response.statusCode : CLIENT_GONE;
    const elapsed = performance.now() - exchange.startedAt;
    this.#deps.log.record(exchange.label, complete ? status : CLIENT_GONE, elapsed, exchange.requestId);
  }
}

/** Throws where a handler answered something that API Gateway would refuse. */
const sendResult = (exchange: Exchange, result: APIGatewayProxyResult): void => {
  const { statusCode, headers, multiValueHeaders, body } = result;
  if (!Number.isInteger(statusCode) || typeof body !== 'string') throw new TypeError('not a proxy result');
  exchange.reply(
    {
      statusCode,
      ...(headers === undefined ? {} : { headers }),
      ...(multiValueHeaders === undefined ? {} : { multiValueHeaders }),
    },
    result.isBase64Encoded === true ? Buffer.from(body, 'base64') : body,
  );
};
