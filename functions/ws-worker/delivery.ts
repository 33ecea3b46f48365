/**
 * One answer on its way to a client. While a frame is on its way more text comes together for the next, so a slow client gets
 * fewer and longer chunks. Where the client is gone, what follows is kept, and goes on when it comes back on another connection.
 */
import type { Recipient } from '../../shared/ports/ask-store.ts';
import type { ClientSockets } from '../../shared/ports/client-sockets.ts';
import {
  chunkFrame,
  chunkLength,
  type ErrorFrame,
  type Frame,
  type FrameIds,
  fitsMessage,
  type ResponseFrame,
} from '../../shared/services/socket/frames.ts';
import type { KeptAnswer } from '../../shared/services/socket/kept-answer.ts';

export class Delivery {
  readonly #sockets: ClientSockets;
  readonly #ids: FrameIds;
  readonly #texts: string[] = [];
  #pending = '';
  #last: ResponseFrame | ErrorFrame | undefined;
  #recipient: Recipient;
  /** Seq of the frame that is sent next. */
  #next = 0;
  #isLost = false;
  #isSending = false;
  #sending: Promise<void> = Promise.resolve();

  constructor(sockets: ClientSockets, ids: FrameIds, recipient: Recipient) {
    this.#sockets = sockets;
    this.#ids = ids;
    this.#recipient = recipient;
  }

  get recipient(): Recipient {
    return this.#recipient;
  }

  write(text: string): void {
    this.#pending += text;
    this.#send();
  }

  /** Where its text does not fit into a message, the chunks hold it. */
  respond(reply: Omit<ResponseFrame, 'type' | 'id' | 'seq'>): void {
    const frame = (seq: number): ResponseFrame => ({ type: 'response', ...reply, id: this.#ids.id, seq });
    if (fitsMessage(frame(Number.MAX_SAFE_INTEGER))) {
      this.#close((seq) => frame(seq));
      return;
    }
    if (this.#texts.length === 0 && this.#pending === '') this.#pending = reply.text ?? '';
    this.#close((seq) => {
      const { text: _, ...rest } = frame(seq);
      return rest;
    });
  }

  fail(frame: ErrorFrame): void {
    this.#close(() => frame);
  }

  /** From now on, and from what it lacks on, to another connection. */
  moveTo(recipient: Recipient): void {
    this.#recipient = recipient;
    // A client cannot have more than there is.
    this.#next = Math.min(recipient.afterSeq, this.#texts.length) + 1;
    if (this.#last === undefined) this.#next = Math.min(this.#next, this.#texts.length);
    this.#isLost = false;
    this.#send();
  }

  /** Resolves when there is nothing to send, or nobody to send it to. */
  async settled(): Promise<void> {
    while (this.#isSending) await this.#sending;
  }

  /** Once it was ended. */
  get kept(): KeptAnswer {
    if (this.#last === undefined) throw new Error('the answer has not ended');
    return { ids: this.#ids, texts: this.#texts, last: this.#last };
  }

  #close(last: (seq: number) => ResponseFrame | ErrorFrame): void {
    while (this.#pending !== '') this.#cut();
    this.#last = last(this.#texts.length);
    this.#send();
  }

  #send(): void {
    if (this.#isSending) return;
    this.#isSending = true;
    this.#sending = this.#sendAll();
  }

  async #sendAll(): Promise<void> {
    for (let frame = this.#following(); frame !== undefined; frame = this.#following()) {
      const recipient = this.#recipient;
      const outcome = await this.#post(recipient, frame);
      if (recipient !== this.#recipient) continue;
      if (outcome === 'sent') this.#next += 1;
      else this.#isLost = true;
    }
    this.#isSending = false;
  }

  /** A connection that cannot be reached is as good as gone: its client comes back on another. */
  async #post({ connectionId }: Recipient, frame: Frame): Promise<'sent' | 'gone'> {
    try {
      return await this.#sockets.post(connectionId, JSON.stringify(frame));
    } catch {
      return 'gone';
    }
  }

  #following(): Frame | undefined {
    if (this.#isLost) return undefined;
    if (this.#next === this.#texts.length && this.#pending !== '') this.#cut();
    const text = this.#texts[this.#next];
    if (text !== undefined) return chunkFrame(this.#ids, this.#next, text);
    return this.#next === this.#texts.length ? this.#last : undefined;
  }

  #cut(): void {
    const length = chunkLength(this.#ids, this.#texts.length, this.#pending);
    this.#texts.push(this.#pending.slice(0, length));
    this.#pending = this.#pending.slice(length);
  }
}
