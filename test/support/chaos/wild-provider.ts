/** A provider on raw sockets that answers its calls in turn as a script says: well, badly, slowly, or with what is no HTTP. */

import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Writes what there is to write; the socket stays open unless it closes it. */
export type Act = (socket: Socket) => Promise<void> | void;

const HEAD_END = '\r\n\r\n';

export class WildProvider {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #acts: Act[] = [];
  #calls = 0;
  #left = Promise.withResolvers<void>();

  constructor() {
    this.#server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => this.#accept(socket));
  }

  /** The base URL. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  stop(): void {
    for (const socket of this.#open) socket.destroy();
    this.#server.close();
  }

  /** The acts of the next calls; the last one serves every further call. */
  script(...acts: Act[]): void {
    this.#acts = acts;
    this.#calls = 0;
    this.#left = Promise.withResolvers();
  }

  /** Calls since the last `script`. */
  get calls(): number {
    return this.#calls;
  }

  /** Resolves when the router hangs up on a call since the last `script`. */
  get left(): Promise<void> {
    return this.#left.promise;
  }

  #accept(socket: Socket): void {
    this.#open.add(socket);
    let received = '';
    let left = this.#left;
    socket.on('error', () => undefined);
    socket.on('end', () => socket.destroy());
    socket.on('close', () => {
      left.resolve();
      this.#open.delete(socket);
    });
    socket.on('data', (data) => {
      received += data.toString('latin1');
      const end = received.indexOf(HEAD_END);
      if (end < 0) return;
      const length = Number(/content-length: *(\d+)/i.exec(received)?.[1] ?? 0);
      if (received.length < end + HEAD_END.length + length) return;
      received = '';
      left = this.#left;
      const act = this.#acts[Math.min(this.#calls, this.#acts.length - 1)];
      this.#calls += 1;
      void Promise.resolve(act?.(socket)).catch(() => socket.destroy());
    });
  }
}

const write = (socket: Socket, text: string): void => {
  if (!socket.destroyed && socket.writable) socket.write(text);
};

const USAGE = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };

const chunked = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

const event = (document: unknown): string => chunked(`data: ${JSON.stringify(document)}\n\n`);

const said = (content: string, finish_reason: string | null = null): string =>
  event({ choices: [{ index: 0, delta: { content }, finish_reason }] });

export const STREAM_HEAD =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';
const STREAM_END =
  said('', 'stop') + event({ choices: [], usage: USAGE }) + chunked('data: [DONE]\n\n') + chunked('');

const reply = (status: string, type: string, body: string): string =>
  `HTTP/1.1 ${status}\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

export const COMPLETION = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'wild',
  choices: [{ index: 0, message: { role: 'assistant', content: 'All is well.' }, finish_reason: 'stop' }],
  usage: USAGE,
});

/** Whatever comes back may be the first part of a stream; then `after` happens. */
const streamThen =
  (after: Act, ...texts: string[]): Act =>
  async (socket) => {
    write(socket, STREAM_HEAD + texts.map((text) => said(text)).join(''));
    // What was said arrives by itself, before what follows.
    await sleep(50);
    await after(socket);
  };

const drip =
  (everyMs: number, text: string): Act =>
  async (socket) => {
    for (let at = 0; !socket.destroyed; at = (at + 1) % text.length) {
      write(socket, text[at] ?? '');
      await sleep(everyMs);
    }
  };

/** What providers do, by name. */
export const acts = {
  whole: (socket) => write(socket, reply('200 OK', 'application/json', COMPLETION)),
  stream: (socket) => write(socket, STREAM_HEAD + said('All ') + said('is well.') + STREAM_END),
  silence: () => undefined,
  reset: (socket) => void socket.resetAndDestroy(),
  halfClosed: (socket) => void socket.end(),
  noHttp: (socket) => void socket.end('SSH-2.0-OpenSSH_9.6\r\n'),
  garbage: (socket) => write(socket, reply('200 OK', 'application/json', '{"choices":[{"mess\u0000')),
  wrongType: (socket) => write(socket, reply('200 OK', 'text/html', '<html>Sign in first</html>')),
  emptyObject: (socket) => write(socket, reply('200 OK', 'application/json', '{}')),
  overloaded: (socket) => write(socket, reply('503 Service Unavailable', 'text/plain', 'busy')),
  cutHead: (socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-ty'),
  cutBody: (socket) =>
    void socket.end(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{"ch`),
  slowHead: drip(1_000, 'HTTP/1.1 200 OK\r\n'),
  slowBody: async (socket) => {
    write(socket, 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9000\r\n\r\n');
    await drip(1_000, COMPLETION)(socket);
  },
} satisfies Record<string, Act>;

/** What providers do after their first words. */
export const amid = {
  silence: streamThen(() => undefined, 'All '),
  reset: streamThen((socket) => void socket.resetAndDestroy(), 'All '),
  halfClosed: streamThen((socket) => void socket.end(), 'All '),
  garbage: streamThen((socket) => write(socket, chunked('data: {"choices":[{"del\n\n')), 'All '),
  badChunk: streamThen((socket) => write(socket, 'zz\r\nnothing of the kind'), 'All '),
  /** In order for HTTP, but without a last word. */
  truncated: streamThen((socket) => write(socket, chunked('')), 'All '),
  errorEvent: streamThen((socket) => write(socket, event({ error: { message: 'overloaded' } })), 'All '),
  slow: streamThen(drip(1_000, chunked(': still here\n')), 'All '),
  endless: streamThen(async (socket) => {
    while (!socket.destroyed) {
      write(socket, said('and on '));
      await sleep(5);
    }
  }, 'All '),
} satisfies Record<string, Act>;
