/** The listening side: limits on what may arrive, a proper answer to what is no HTTP, and an end in order. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Gateway } from './gateway.ts';
import { refuse } from './raw-reply.ts';

/** API Gateway's bound on a request's line and headers together. */
const MAX_HEADER_BYTES = 10_240;
const KEEP_ALIVE_MS = 75_000;
const HEADERS_MS = 15_000;
const REQUEST_MS = 120_000;
const EXPIRY_MS = 1_000;
const DRAIN_STEP_MS = 20;
/** After the last request, for replies to those that were on their way when we stopped listening. */
const LINGER_MS = 300;

/** Takes over a connection whose client asks for another protocol. */
export interface Upgrades {
  /** Whether that is for us to take; else it is a request like any other. */
  wants(request: IncomingMessage): boolean;
  take(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

export const makeServer = (gateway: Gateway, newId: () => string, upgrades?: Upgrades): Server => {
  const latest = new WeakMap<Duplex, ServerResponse>();
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: HEADERS_MS,
      requestTimeout: REQUEST_MS,
      noDelay: true,
      // The gateway says so itself, with a request id.
      requireHostHeader: false,
      shouldUpgradeCallback: (request) => upgrades?.wants(request) === true,
    },
    (request, response) => {
      latest.set(request.socket, response);
      gateway.handle(request, response);
    },
  );
  server.on('checkExpectation', (request, response) => gateway.handle(request, response));
  server.on('upgrade', (request, socket, head) => upgrades?.take(request, socket, head));
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
    // Answered before its body had come: a second reply would be taken for that of another request.
    const reply = latest.get(socket);
    if (reply?.headersSent === true && !reply.req.complete) {
      socket.end();
      socket.resume();
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
