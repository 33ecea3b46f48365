/** The listening side: limits on what may arrive, a proper answer to what is no HTTP, and an end in order. */
import { createServer, type Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../shared/errors/app-error.ts';
import { PROBLEM_MEDIA_TYPE, toProblem } from '../../shared/errors/problem.ts';
import type { Gateway } from './gateway.ts';

/** API Gateway's bound on a request's line and headers together. */
const MAX_HEADER_BYTES = 10_240;
const KEEP_ALIVE_MS = 75_000;
const HEADERS_MS = 15_000;
const REQUEST_MS = 120_000;
const EXPIRY_MS = 1_000;
const DRAIN_STEP_MS = 20;
/** After the last request, for replies to those that were on their way when we stopped listening. */
const LINGER_MS = 300;

const rawProblem = (error: AppError, requestId: string): string => {
  const body = JSON.stringify(toProblem(error, requestId));
  const allow = error.headers.allow;
  const head = [
    `HTTP/1.1 ${error.status} ${error.status === 405 ? 'Method Not Allowed' : 'Bad Request'}`,
    `content-type: ${PROBLEM_MEDIA_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
    ...(allow === undefined ? [] : [`allow: ${allow}`]),
    'connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
};

const refuse = (socket: Duplex, error: AppError, requestId: string): void => {
  if (socket.writable) socket.end(rawProblem(error, requestId));
  // What still arrives is read and dropped, so that the reply is not lost to a reset.
  socket.resume();
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
};

export const makeServer = (gateway: Gateway, newId: () => string): Server => {
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: HEADERS_MS,
      requestTimeout: REQUEST_MS,
      noDelay: true,
      // The gateway says so itself, with a request id.
      requireHostHeader: false,
    },
    (request, response) => gateway.handle(request, response),
  );
  server.on('checkExpectation', (request, response) => gateway.handle(request, response));
  server.on('connect', (_request, socket) => {
    const error = new AppError('method_not_allowed', 'This is no proxy.', {
      headers: { allow: 'GET, POST' },
    });
    refuse(socket, error, newId());
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const detail =
      error.code === 'HPE_HEADER_OVERFLOW'
        ? 'The request line and headers may have 10,240 bytes together.'
        : 'The request is not valid HTTP, or did not arrive in full.';
    refuse(socket, new AppError('invalid_request', detail), newId());
  });
  const expiry = setInterval(() => gateway.expire(), EXPIRY_MS).unref();
  server.on('close', () => clearInterval(expiry));
  return server;
};

/**
 * Stops accepting at once; requests under way have `patienceMs` to finish. Connections that are kept alive stay
 * until then, so that a request on one is told that we are leaving rather than cut off.
 */
export const drainServer = async (server: Server, gateway: Gateway, patienceMs: number): Promise<void> => {
  const deadline = performance.now() + patienceMs;
  gateway.drain();
  NetServer.prototype.close.call(server);
  while (gateway.underway > 0 && performance.now() < deadline) await sleep(DRAIN_STEP_MS);
  server.closeIdleConnections();
  await sleep(Math.min(LINGER_MS, Math.max(0, deadline - performance.now())));
  server.closeAllConnections();
};
