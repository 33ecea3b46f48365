import { AppError } from '../../errors/app-error.ts';
import type { AskQueue, ClientSockets } from '../../ports/client-sockets.ts';

export class MemorySockets implements ClientSockets {
  readonly #received = new Map<string, string[]>();

  open(connectionId: string): void {
    this.#received.set(connectionId, []);
  }

  /** What the client got. */
  received(connectionId: string): readonly string[] {
    return this.#received.get(connectionId) ?? [];
  }

  async post(connectionId: string, text: string): Promise<'sent' | 'gone'> {
    const received = this.#received.get(connectionId);
    received?.push(text);
    return received === undefined ? 'gone' : 'sent';
  }

  async isOpen(connectionId: string): Promise<boolean> {
    return this.#received.has(connectionId);
  }

  async close(connectionId: string): Promise<void> {
    this.#received.delete(connectionId);
  }
}

/** Keeps messages until they are taken. */
export class MemoryAskQueue implements AskQueue {
  readonly #capacity: number;
  #waiting: string[] = [];

  constructor(capacity = 1_000) {
    this.#capacity = capacity;
  }

  async put(body: string): Promise<void> {
    if (this.#waiting.length >= this.#capacity) throw new AppError('unavailable', 'The queue is full.');
    this.#waiting.push(body);
  }

  takeAll(): string[] {
    const taken = this.#waiting;
    this.#waiting = [];
    return taken;
  }
}
