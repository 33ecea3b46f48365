/** Replies on a bare socket, for what never became a request of node:http, or will be none. */
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { HTTPS_ONLY, SECURITY_HEADERS } from '../../shared/config/security-headers.ts';
import type { AppError } from '../../shared/errors/app-error.ts';
import { PROBLEM_MEDIA_TYPE, problemHeaders, toProblem } from '../../shared/errors/problem.ts';

/** For a reply that is on its way when we hang up. */
const LINGER_MS = 300;

export interface RawReply {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** Writes it, and ends the connection. */
export const endWith = (socket: Duplex, { status, headers, body }: RawReply): void => {
  const lines = Object.entries({
    ...headers,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  })
    .filter(([name]) => !(name in HTTPS_ONLY))
    .map(([name, value]) => `${name}: ${value}`);
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines].join('\r\n');
  if (socket.writable) socket.end(`${head}\r\n\r\n${body}`);
  // What still arrives is read and dropped, so that the reply is not lost to a reset.
  socket.resume();
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
};

export const refuse = (socket: Duplex, error: AppError, requestId: string): void =>
  endWith(socket, {
    status: error.status,
    headers: {
      ...SECURITY_HEADERS,
      'content-type': PROBLEM_MEDIA_TYPE,
      'x-request-id': requestId,
      ...problemHeaders(error),
    },
    body: JSON.stringify(toProblem(error, requestId)),
  });
