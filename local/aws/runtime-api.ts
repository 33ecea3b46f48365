/**
 * The Lambda Runtime API (2018-06-01) of one function, on a port of its own as in Lambda, where each sandbox has
 * its own. Any number of `next` polls may wait at once.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody, replyBytes, replyJson } from './json-reply.ts';
import type { Invocation, LambdaFunction } from './lambda-function.ts';

const PREFIX = '/2018-06-01/runtime/';
const NEXT = `${PREFIX}invocation/next`;
const ANSWER = /^\/2018-06-01\/runtime\/invocation\/([0-9a-f-]{36})\/(response|error)$/;
const MAX_RESPONSE = 6 * 1024 * 1024 + 1024;

const arn = (name: string): string => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

export class RuntimeApi {
  readonly #fn: LambdaFunction;
  readonly #onInitError: () => void;
  readonly #server: Server;

  constructor(fn: LambdaFunction, onInitError: () => void) {
    this.#fn = fn;
    this.#onInitError = onInitError;
    // A poll waits for as long as there is no work.
    this.#server = createServer(
      { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, noDelay: true },
      (request, response) => {
        this.#handle(request, response).catch(() => {
          if (!response.headersSent)
            replyJson(response, 500, { errorType: 'InternalFailure', errorMessage: '' });
        });
      },
    );
  }

  /** Answers what `AWS_LAMBDA_RUNTIME_API` is to be. */
  listen(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', () =>
        resolve(`127.0.0.1:${(this.#server.address() as AddressInfo).port}`),
      );
    });
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? '';
    if (request.method === 'GET' && url === NEXT) return this.#next(response);
    const body = await readBody(request, MAX_RESPONSE);
    const answer = request.method === 'POST' ? ANSWER.exec(url) : null;
    if (answer !== null) {
      const [, id = '', kind] = answer;
      const known = this.#fn.complete(
        id,
        kind === 'error' ? { payload: body, functionError: 'Unhandled' } : { payload: body },
      );
      if (known) return replyBytes(response, 202, '{"status":"OK"}');
      return replyJson(response, 400, { errorType: 'InvalidRequestID', errorMessage: 'Invalid request ID' });
    }
    if (request.method === 'POST' && url === `${PREFIX}init/error`) {
      replyBytes(response, 202, '{"status":"OK"}');
      return this.#onInitError();
    }
    return replyJson(response, 404, { errorType: 'NotFound', errorMessage: 'No such path' });
  }

  #next(response: ServerResponse): void {
    const name = this.#fn.name;
    const poller = {
      deliver: ({ id, payload, deadlineMs }: Invocation): void => {
        response.writeHead(200, {
          'content-type': 'application/json',
          'content-length': payload.length,
          'lambda-runtime-aws-request-id': id,
          'lambda-runtime-deadline-ms': String(deadlineMs),
          'lambda-runtime-invoked-function-arn': arn(name),
          'lambda-runtime-trace-id': 'Root=1-00000000-000000000000000000000000;Sampled=0',
        });
        response.end(payload);
      },
    };
    response.on('close', () => this.#fn.leave(poller));
    this.#fn.poll(poller);
  }
}
