/** One request and its reply on the wire: heads, bytes with back-pressure, problems, and what became of it. */
import type { IncomingMessage, OutgoingHttpHeader, ServerResponse } from 'node:http';
import type { ErrorForm } from '../../shared/config/routes.ts';
import { HTTPS_ONLY, SECURITY_HEADERS } from '../../shared/config/security-headers.ts';
import type { AppError } from '../../shared/errors/app-error.ts';
import { errorReply } from '../../shared/errors/error-reply.ts';
import { problemHeaders } from '../../shared/errors/problem.ts';
import type { ResponsePrelude } from '../lambda/awslambda-global.ts';
import { type ResponseSink, ResponseStream } from '../lambda/response-stream.ts';

/** The gateway's own business; a handler's reply cannot set these. */
const HOP_BY_HOP = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  ...Object.keys(HTTPS_ONLY),
]);
const BODILESS = new Set([204, 304]);

export class Exchange implements ResponseSink {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly startedAt: number;
  /** The gateway's own; a handler's reply may carry another, which then counts. */
  requestId: string;
  /** The route's pattern, for the log. */
  label = '-';
  /** In whose form the route tells errors. */
  errors: ErrorForm | undefined;
  /** By performance.now(). */
  deadline = Number.POSITIVE_INFINITY;
  stream: ResponseStream | undefined;
  /** The reply has no end of its own. */
  endless = false;
  /** Close the connection after the reply. */
  last = false;

  constructor(request: IncomingMessage, response: ServerResponse, requestId: string, startedAt: number) {
    this.request = request;
    this.response = response;
    this.requestId = requestId;
    this.startedAt = startedAt;
  }

  openStream(): ResponseStream {
    this.stream = new ResponseStream(this);
    // Whoever waits on the stream hears of the fault; if nobody does, it is no reason to end the process.
    this.stream.on('error', () => undefined);
    return this.stream;
  }

  reply(prelude: ResponsePrelude, body: Buffer | string): void {
    const status = prelude.statusCode ?? 200;
    const headers = this.#headers(prelude);
    if (!BODILESS.has(status)) headers.push('content-length', Buffer.byteLength(body));
    this.response.writeHead(status, headers);
    this.response.end(BODILESS.has(status) ? undefined : body);
  }

  begin(prelude: ResponsePrelude, chunk: Buffer): void {
    this.response.writeHead(prelude.statusCode ?? 200, this.#headers(prelude));
    if (chunk.length > 0) this.response.write(chunk);
    else this.response.flushHeaders();
  }

  write(chunk: Buffer, done: () => void): void {
    if (this.response.write(chunk)) done();
    else this.response.once('drain', done);
  }

  end(): void {
    this.response.end();
  }

  /** Ends a reply that would go on for ever. */
  leave(): void {
    if (this.response.headersSent && !this.response.destroyed)
      this.response.end('event: closing\ndata: {"reason":"draining"}\n\n');
    this.stream?.destroy(new Error('the gateway is leaving'));
  }

  problem(error: AppError): void {
    if (this.response.headersSent || this.response.destroyed) {
      this.response.destroy();
      return;
    }
    const { status, contentType, body } = errorReply(error, this.requestId, this.errors);
    const headers = {
      ...problemHeaders(error),
      'content-type': contentType,
      ...SECURITY_HEADERS,
    };
    this.reply({ statusCode: status, headers }, body);
  }

  /** Names and values in turn: an object would be filled name by name, only to be gone through. */
  #headers({ headers = {}, multiValueHeaders = {}, cookies = [] }: ResponsePrelude): OutgoingHttpHeader[] {
    const lines: OutgoingHttpHeader[] = [];
    let id: string | undefined;
    const add = (name: string, value: string | string[]): void => {
      const lower = name.toLowerCase();
      if (HOP_BY_HOP.has(lower)) return;
      if (lower === 'x-request-id') id = String(value);
      else lines.push(lower, value);
    };
    for (const name in headers) if (!Object.hasOwn(multiValueHeaders, name)) add(name, String(headers[name]));
    for (const name in multiValueHeaders) add(name, (multiValueHeaders[name] ?? []).map(String));
    if (cookies.length > 0) lines.push('set-cookie', [...cookies]);
    this.requestId = id ?? this.requestId;
    lines.push('x-request-id', this.requestId);
    if (this.last) lines.push('connection', 'close');
    return lines;
  }
}
