/** A provider on loopback that answers as it is told to. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedCall {
  path: string;
  headers: IncomingMessage['headers'];
  body: Record<string, unknown>;
}

export type Behaviour = (response: ServerResponse, call: ReceivedCall) => void;

const readBody = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
};

export class FakeUpstream {
  readonly received: ReceivedCall[] = [];
  readonly #server: Server;
  #behave: Behaviour = (response) => response.writeHead(501).end();
  #connections = 0;
  #closed = 0;

  constructor() {
    this.#server = createServer((request, response) => {
      response.on('close', () => {
        if (!response.writableEnded) this.#closed += 1;
      });
      void this.#answer(request, response);
    });
    // Longer than any client keeps a connection, so that none is closed under a request on a busy machine.
    this.#server.keepAliveTimeout = 60_000;
    this.#server.on('connection', () => {
      this.#connections += 1;
    });
  }

  /** The base URL. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  behave(behaviour: Behaviour): void {
    this.#behave = behaviour;
    this.received.length = 0;
    this.#connections = 0;
    this.#closed = 0;
  }

  /** Connections opened since the last `behave`. */
  get connections(): number {
    return this.#connections;
  }

  /** Replies that the caller gave up since the last `behave`. */
  get givenUp(): number {
    return this.#closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body: unknown = JSON.parse(await readBody(request));
    const call = { path: request.url ?? '', headers: request.headers, body: body as Record<string, unknown> };
    this.received.push(call);
    this.#behave(response, call);
  }
}

export const USAGE = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };

export const completion = (text: string, extra: object = {}): string =>
  JSON.stringify({
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
    usage: USAGE,
    ...extra,
  });

export const chunk = (content: string | null, finish_reason: string | null = null): string =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason }] })}\n\n`;

export const USAGE_CHUNK = `data: ${JSON.stringify({ choices: [], usage: USAGE })}\n\n`;
export const DONE = 'data: [DONE]\n\n';

export const sendJson =
  (text: string, status = 200, headers: Record<string, string> = {}): Behaviour =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);

export const sendStream =
  (...parts: string[]): Behaviour =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    for (const part of parts) response.write(part);
    response.end();
  };
