/** A service on a free port of 127.0.0.1 that answers each call as a test says, over real connections. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach } from 'vitest';
import { AwsClient, type AwsClientOptions } from '../../../shared/adapters/aws/aws-client.ts';
import { ManualClock } from './manual-clock.ts';
import { drawing } from './seeded-random.ts';

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

  /** On a free port, or at a socket's path. */
  async start(path?: string): Promise<this> {
    if (path === undefined) this.#server.listen(0, '127.0.0.1');
    else this.#server.listen(path);
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

export const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' };

/** As DynamoDB words a failure. */
export const failure = (name: string, status: number, rest: object = {}): ServiceAnswer => ({
  status,
  body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, ...rest }),
});

type Connected = Omit<AwsClientOptions, 'service' | 'timeoutMs' | 'attempts'>;

export interface ServedClients {
  server: AwsServer;
  clock: ManualClock;
  /** Options of a client of this server. */
  connected(): Connected;
  /** A client of this server, as far as `options` do not say otherwise. */
  client(options?: Partial<AwsClientOptions>): AwsClient;
  /** These answers one after the other, then success. */
  answering(...answers: ServiceAnswer[]): void;
  /** Closes the client after the test. */
  closing<Client extends { close(): Promise<void> }>(client: Client): Client;
}

/** A server and a clock of its own for each test of the file, and an end for the clients that it made. */
export const servedClients = (): ServedClients => {
  const clients: { close(): Promise<void> }[] = [];
  const served: ServedClients = {
    server: new AwsServer(),
    clock: new ManualClock({ autoAdvance: true }),
    connected: () => ({
      region: 'eu-central-1',
      endpoint: served.server.url,
      credentials: async () => CREDENTIALS,
      clock: served.clock,
      random: drawing(0.5),
    }),
    client: (options = {}) => {
      const limits = { service: 'dynamodb', timeoutMs: 2_000, attempts: 3 };
      return served.closing(new AwsClient({ ...served.connected(), ...limits, ...options }));
    },
    answering: (...answers) => {
      served.server.answer = () => answers.shift() ?? { body: 'done' };
    },
    closing: (client) => {
      clients.push(client);
      return client;
    },
  };
  beforeEach(async () => {
    served.server = await new AwsServer().start();
    served.clock = new ManualClock({ autoAdvance: true });
  });
  afterEach(async () => {
    await served.server.stop();
    // One that a test closed itself refuses.
    await Promise.allSettled(clients.splice(0).map((client) => client.close()));
  });
  return served;
};
