/** Invocations as AWS would send them, and what a reply says, buffered or streamed. */
import { proxyEvent } from '../../local/gateway/event.ts';
import { Router } from '../../local/gateway/router.ts';
import { socketEvent } from '../../local/sockets/events.ts';
import { ROUTES } from '../../shared/config/routes.ts';

export interface HttpCall {
  method: string;
  path: string;
  key?: string;
  body?: unknown;
}

export interface HttpReply {
  status: number;
  headers: Record<string, string>;
  body: string;
}

const PRELUDE_END = Buffer.alloc(8);

export const httpEvent = ({ method, path, key, body }: HttpCall): Buffer => {
  const match = new Router(ROUTES).match(method, path);
  if (match.kind !== 'found') throw new Error(`no route ${method} ${path}`);
  const authorization = key === undefined ? [] : ['Authorization', `Bearer ${key}`];
  const event = proxyEvent({
    route: match.route,
    parameters: match.parameters,
    method,
    path,
    query: '',
    rawHeaders: [
      ...[
        'Accept',
        'application/json, text/event-stream',
        'Content-Type',
        'application/json',
        'Host',
        'bench.execute-api.us-east-1',
      ],
      ...['User-Agent', 'bench/1', 'X-Forwarded-For', '192.0.2.1', 'X-Forwarded-Proto', 'https'],
      ...authorization,
    ],
    body: body === undefined ? undefined : Buffer.from(JSON.stringify(body)),
    sourceIp: '192.0.2.1',
    protocol: 'HTTP/1.1',
    requestId: '00000000-0000-4000-8000-000000000000',
  });
  return Buffer.from(JSON.stringify(event));
};

/** A client that connects with its key, or says something on its connection. */
export const webSocketEvent = (
  connectionId: string,
  happening: { key: string } | { body: string },
): Buffer => {
  const connectedAt = Date.now();
  const event =
    'key' in happening
      ? {
          ...socketEvent({ connectionId, connectedAt, kind: 'CONNECT' }),
          headers: { Authorization: `Bearer ${happening.key}`, Host: 'bench.execute-api.us-east-1' },
        }
      : socketEvent({ connectionId, connectedAt, kind: 'MESSAGE', body: happening.body });
  return Buffer.from(JSON.stringify(event));
};

/** A streamed reply is its prelude, eight null bytes, and the body. */
export const httpReply = (payload: Buffer): HttpReply => {
  const end = payload.indexOf(PRELUDE_END);
  const head = JSON.parse(payload.toString('utf8', 0, end < 0 ? payload.length : end)) as {
    statusCode?: number;
    headers?: Record<string, string>;
    body?: string;
  };
  const body = end < 0 ? (head.body ?? '') : payload.toString('utf8', end + PRELUDE_END.length);
  return { status: head.statusCode ?? 200, headers: head.headers ?? {}, body };
};
