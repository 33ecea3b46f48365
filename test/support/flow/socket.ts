/** A WebSocket client that parses every frame strictly, and waits for the one that a test is after. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { type ServerFrame, serverFrame } from '../../../shared/model/socket-frames.ts';

const WITHIN_MS = 60_000;

export type FrameOf<Type extends ServerFrame['type']> = Extract<ServerFrame, { type: Type }>;

export interface Closed {
  code: number;
  reason: string;
}

export interface Refusal {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface Handshake {
  headers?: Record<string, string>;
  protocols?: string[];
}

export class SocketClient {
  readonly frames: ServerFrame[] = [];
  /** Bytes of each message. */
  readonly sizes: number[] = [];
  readonly socket: WebSocket;
  readonly closed: Promise<Closed>;
  readonly #waiting = new Set<() => void>();

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer) => {
      this.sizes.push(data.length);
      this.frames.push(serverFrame.parse(JSON.parse(data.toString('utf8'))));
      for (const wake of this.#waiting) wake();
    });
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        resolve({ code, reason: reason.toString() });
        for (const wake of this.#waiting) wake();
      });
    });
    socket.on('error', () => undefined);
  }

  static async open(url: string, { headers, protocols = [] }: Handshake): Promise<SocketClient> {
    const client = new SocketClient(new WebSocket(url, protocols, { headers, perMessageDeflate: false }));
    await once(client.socket, 'open', { signal: AbortSignal.timeout(WITHIN_MS) });
    return client;
  }

  /** The handshake's refusal. Throws where it was accepted. */
  static refused(url: string, { headers, protocols = [] }: Handshake): Promise<Refusal> {
    const socket = new WebSocket(url, protocols, { headers });
    return new Promise((resolve, reject) => {
      socket.on('error', () => undefined);
      socket.on('open', () => reject(new Error('the handshake was accepted')));
      socket.on('unexpected-response', (_request, response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => {
          body += text;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      });
    });
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The first frame, from the beginning, that `matches`. Throws where none comes in time. */
  async frame<Type extends ServerFrame['type']>(
    type: Type,
    matches: (frame: FrameOf<Type>) => boolean = () => true,
  ): Promise<FrameOf<Type>> {
    const isIt = (frame: ServerFrame): frame is FrameOf<Type> =>
      frame.type === type && matches(frame as FrameOf<Type>);
    return this.#until(() => this.frames.find(isIt), `a frame of type ${type}`);
  }

  /** The frame that ends the ask. */
  async end(id: string): Promise<FrameOf<'response'> | FrameOf<'error'>> {
    return this.#until(
      () =>
        this.frames.find(
          (frame): frame is FrameOf<'response'> | FrameOf<'error'> =>
            (frame.type === 'response' || frame.type === 'error') && frame.id === id,
        ),
      `the end of ${id}`,
    );
  }

  chunks(id: string): FrameOf<'chunk'>[] {
    return this.frames.filter(
      (frame): frame is FrameOf<'chunk'> => frame.type === 'chunk' && frame.id === id,
    );
  }

  close(): Promise<Closed> {
    this.socket.close();
    return this.closed;
  }

  async #until<Found>(look: () => Found | undefined, what: string): Promise<Found> {
    const deadline = Date.now() + WITHIN_MS;
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`not seen in time: ${what}, but ${JSON.stringify(this.frames)}`);
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          this.#waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, left);
        this.#waiting.add(wake);
      });
    }
  }
}
