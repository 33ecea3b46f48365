/** The WebSockets of this process, by connection id: sending with back-pressure, in frames no longer than API Gateway's. */
import { WebSocket } from 'ws';
import { MAX_RESPONSE_BYTES } from '../../shared/model/socket-limits.ts';

export type Posted = 'sent' | 'gone' | 'too_large';

/** Of API Gateway; a longer message goes in several frames. */
const MAX_FRAME = 32 * 1024;
/** A client that has not taken what it was sent for so long, or so much of it, is closed. */
const PATIENCE_MS = 10_000;
const MOST_BUFFERED = 4 * 1024 * 1024;
const TRY_AGAIN_LATER = 1013;

export class OpenSockets {
  readonly #sockets = new Map<string, WebSocket>();
  readonly #patienceMs: number;

  constructor(patienceMs = PATIENCE_MS) {
    this.#patienceMs = patienceMs;
  }

  get size(): number {
    return this.#sockets.size;
  }

  add(id: string, socket: WebSocket): void {
    this.#sockets.set(id, socket);
  }

  remove(id: string): void {
    this.#sockets.delete(id);
  }

  /** What the handshake agreed on; empty where there was nothing to agree on. */
  protocolOf(id: string): string {
    return this.#sockets.get(id)?.protocol ?? '';
  }

  isOpen(id: string): boolean {
    return this.#sockets.get(id)?.readyState === WebSocket.OPEN;
  }

  /** Resolves when the system has taken the whole message for the client. */
  async post(id: string, text: string): Promise<Posted> {
    const socket = this.#sockets.get(id);
    if (socket?.readyState !== WebSocket.OPEN) return 'gone';
    const bytes = Buffer.from(text);
    if (bytes.length > MAX_RESPONSE_BYTES) return 'too_large';
    if (socket.bufferedAmount > MOST_BUFFERED) return this.#giveUp(socket);
    const { promise, resolve } = Promise.withResolvers<Posted>();
    const timer = setTimeout(() => resolve(this.#giveUp(socket)), this.#patienceMs);
    // Its frames are handed over in one turn, so that no other message comes between them.
    for (let start = 0; start === 0 || start < bytes.length; start += MAX_FRAME) {
      const end = Math.min(bytes.length, start + MAX_FRAME);
      const isLast = end === bytes.length;
      socket.send(bytes.subarray(start, end), { binary: false, fin: isLast }, (error) => {
        if (error !== undefined && error !== null) resolve('gone');
        else if (isLast) resolve('sent');
      });
    }
    const outcome = await promise;
    clearTimeout(timer);
    return outcome;
  }

  close(id: string, code: number, reason: string): void {
    this.#sockets.get(id)?.close(code, reason);
  }

  all(): IterableIterator<string> {
    return this.#sockets.keys();
  }

  terminateAll(): void {
    for (const socket of this.#sockets.values()) socket.terminate();
  }

  #giveUp(socket: WebSocket): 'gone' {
    socket.close(TRY_AGAIN_LATER, 'the client does not read');
    // It would not read the close either.
    setTimeout(() => socket.terminate(), 1_000).unref();
    return 'gone';
  }
}
