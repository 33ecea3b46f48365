/** A service on a free port of 127.0.0.1 that answers each call as a test says, over real connections. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface ServedCall {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

interface Reply {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
  /** Its end never comes. */
  endless?: boolean;
}

/** A reply, none ever, or a connection that ends instead. */
export type ServiceAnswer = Reply | 'silence' | 'reset';

export class AwsServer {
  /** The next call's answer; set it before the call. */
  answer: (call: ServedCall) => ServiceAnswer = () => ({});
  readonly calls: ServedCall[] = [];
  /** How many were ever opened. */
  connections = 0;
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (request, response) => {
      const { method = '', url: path = '', headers } = request;
      const call = { method, path, headers, body: await text(request) };
      this.calls.push(call);
      const answer = this.answer(call);
      if (answer === 'silence') return;
      if (answer === 'reset') {
        request.socket.destroy();
        return;
      }
      response.writeHead(answer.status ?? 200, answer.headers);
      if (answer.endless === true) response.write(answer.body ?? '{');
      else response.end(answer.body ?? '{}');
    });
    this.#server.on('connection', () => {
      this.connections += 1;
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  /** As a service does with connections that were not used for long. */
  closeIdleConnections(): void {
    this.#server.closeIdleConnections();
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
