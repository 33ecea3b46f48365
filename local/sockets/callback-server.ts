/**
 * What the functions of WebSockets call at home: API Gateway's `@connections`, and SQS's SendMessage for asks. A loopback
 * listener of each gateway process; for a connection of another process it passes the call on to that one's.
 */

import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody, replyBytes, replyError, replyJson, ServiceError } from '../aws/json-reply.ts';
import type { AskQueue } from './ask-queue.ts';
import { portOf } from './connection-id.ts';
import type { OpenSockets } from './open-sockets.ts';

export const ASK_QUEUE_PATH = '/000000000000/asks';

const CONNECTION = /^\/@connections\/([^/?]{1,128})$/;
const MAX_REQUEST = 1024 * 1024;
/** Longer than the other process waits for a slow client. */
const PASSED_ON_MS = 14_000;
const NORMAL_CLOSURE = 1000;

const gone = (): ServiceError => new ServiceError('GoneException', 'The connection is gone.', 410);
const unknown = (): ServiceError => new ServiceError('UnknownOperationException', 'Unknown operation', 404);

export class CallbackServer {
  readonly #sockets: OpenSockets;
  readonly #queue: AskQueue;
  readonly #server: Server;
  #port = 0;

  constructor(sockets: OpenSockets, queue: AskQueue) {
    this.#sockets = sockets;
    this.#queue = queue;
    this.#server = createServer({ keepAliveTimeout: 60_000, noDelay: true }, (request, response) => {
      this.#handle(request, response).catch((error: unknown) => {
        if (!response.headersSent) replyError(response, error);
      });
    });
  }

  /** Zero before it listens. */
  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      // The processes of a cluster would share even a free port.
      this.#server.listen({ port: 0, host: '127.0.0.1', exclusive: true }, () => {
        this.#port = (this.#server.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // No browser has business here.
    if (request.headers.origin !== undefined)
      throw new ServiceError('AccessDeniedException', 'Forbidden', 403);
    const body = await readBody(request, MAX_REQUEST);
    const { method = '', url = '' } = request;
    const encoded = CONNECTION.exec(url)?.[1];
    if (encoded !== undefined) {
      await this.#connection(method, decodeURIComponent(encoded), body);
      return replyBytes(response, method === 'DELETE' ? 204 : 200, method === 'GET' ? '{}' : '');
    }
    if (method === 'POST' && request.headers['x-amz-target'] === 'AmazonSQS.SendMessage')
      return replyJson(response, 200, this.#sendMessage(body));
    throw unknown();
  }

  async #connection(method: string, id: string, body: Buffer): Promise<void> {
    const port = portOf(id);
    if (port === undefined) throw gone();
    if (port !== this.#port) return passOn(port, method, id, body);
    if (!this.#sockets.isOpen(id)) throw gone();
    if (method === 'GET') return;
    if (method === 'DELETE') return this.#sockets.close(id, NORMAL_CLOSURE, '');
    if (method !== 'POST') throw unknown();
    const posted = await this.#sockets.post(id, body.toString('utf8'));
    if (posted === 'gone') throw gone();
    if (posted === 'too_large')
      throw new ServiceError('PayloadTooLargeException', 'A message may hold 128 KB.', 413);
  }

  #sendMessage(body: Buffer): unknown {
    const { QueueUrl, MessageBody } = JSON.parse(body.toString('utf8')) as Record<string, unknown>;
    if (typeof QueueUrl !== 'string' || !QueueUrl.endsWith(ASK_QUEUE_PATH))
      throw new ServiceError('QueueDoesNotExist', 'The specified queue does not exist.');
    if (typeof MessageBody !== 'string' || MessageBody === '')
      throw new ServiceError('InvalidParameterValue', 'MessageBody is missing');
    if (!this.#queue.put(MessageBody))
      throw new ServiceError('OverLimit', 'The queue takes no more messages.', 403);
    return {
      MessageId: randomUUID(),
      MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
    };
  }
}

/** Throws gone() where that process is no more. */
const passOn = async (port: number, method: string, id: string, body: Buffer): Promise<void> => {
  let status: number;
  try {
    const response = await fetch(`http://127.0.0.1:${port}/@connections/${encodeURIComponent(id)}`, {
      method,
      ...(method === 'POST' ? { body: new Uint8Array(body) } : {}),
      signal: AbortSignal.timeout(PASSED_ON_MS),
    });
    await response.arrayBuffer();
    ({ status } = response);
  } catch {
    throw gone();
  }
  if (status === 410 || status === 404) throw gone();
  if (status >= 300) throw new ServiceError('InternalFailure', 'The call could not be passed on.', status);
};
