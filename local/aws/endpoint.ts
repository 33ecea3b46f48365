/** `AWS_ENDPOINT_URL` of the local runtime: Lambda Invoke, Secrets Manager, SQS and CloudWatch on one loopback port. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody, replyError, replyJson, ServiceError } from './json-reply.ts';
import type { LambdaFunction } from './lambda-function.ts';
import { handleInvoke, invokedFunction } from './lambda-invoke.ts';

/** Answers one operation of a service; throws ServiceError. */
export type Operation = (operation: string, input: Record<string, unknown>) => unknown;

export interface EndpointServices {
  /** Those that are invoked here; others answer Invoke at an address of their own. */
  functions?: ReadonlyMap<string, LambdaFunction>;
  /** By the prefix of `X-Amz-Target`, e.g. `AmazonSQS`. */
  targets: ReadonlyMap<string, Operation>;
}

const MAX_REQUEST = 12 * 1024 * 1024;

export class AwsEndpoint {
  readonly #services: EndpointServices;
  readonly #server: Server;

  constructor(services: EndpointServices) {
    this.#services = services;
    this.#server = createServer({ keepAliveTimeout: 60_000, noDelay: true }, (request, response) => {
      this.#handle(request, response).catch((error: unknown) => {
        if (!response.headersSent) replyError(response, error);
      });
    });
  }

  /** Answers its URL. */
  listen(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', () =>
        resolve(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`),
      );
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
    if (request.method !== 'POST')
      throw new ServiceError('UnknownOperationException', 'Unknown operation', 404);
    const name = invokedFunction(request.url ?? '');
    if (name !== undefined) return handleInvoke(this.#services.functions?.get(name), request, response);
    const [prefix = '', operation = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
    const body = await readBody(request, MAX_REQUEST);
    const target = this.#services.targets.get(prefix);
    if (target === undefined) throw new ServiceError('UnknownOperationException', 'Unknown operation', 404);
    replyJson(response, 200, target(operation, parseInput(body)));
  }
}

const parseInput = (body: Buffer): Record<string, unknown> => {
  try {
    const input: unknown = JSON.parse(body.toString('utf8'));
    if (typeof input === 'object' && input !== null) return input as Record<string, unknown>;
  } catch {
    // Falls through to the same complaint.
  }
  throw new ServiceError('SerializationException', 'The request is not a JSON object');
};
