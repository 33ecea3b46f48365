/** The encoder on either side of a thread's messages: who asks, and who answers one prompt after the other. */
import type { PromptEncoder } from '../../ports/prompt-encoder.ts';
import { MAX_UNITS } from './minilm-encoder.ts';

export interface EncodeMessage {
  readonly id: number;
  readonly text: string;
}

export type ThreadMessage =
  | { readonly version: string }
  | { readonly id: number; readonly embedding: readonly number[] }
  /** Without the error: it may quote the text. */
  | { readonly id: number; readonly failed: true };

type Settle = (embedding: readonly number[] | undefined) => void;

/** The side that asks. */
export class RemoteEncoder implements PromptEncoder {
  readonly version: string;
  readonly #send: (message: EncodeMessage) => void;
  readonly #waiting = new Map<number, Settle>();
  #next = 0;
  #isGone = false;

  constructor(version: string, send: (message: EncodeMessage) => void) {
    this.version = version;
    this.#send = send;
  }

  async encode(text: string): Promise<readonly number[]> {
    if (this.#isGone) throw new Error('the encoder is gone');
    const embedding = await new Promise<readonly number[] | undefined>((settle) => {
      const id = this.#next++;
      this.#waiting.set(id, settle);
      this.#send({ id, text: text.slice(0, MAX_UNITS) });
    });
    if (embedding === undefined) throw new Error('the encoder failed');
    return embedding;
  }

  get isIdle(): boolean {
    return this.#waiting.size === 0;
  }

  take(message: ThreadMessage): void {
    if (!('id' in message)) return;
    const settle = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    settle?.('embedding' in message ? message.embedding : undefined);
  }

  /** Nothing will be answered any more. */
  gone(): void {
    this.#isGone = true;
    for (const settle of this.#waiting.values()) settle(undefined);
    this.#waiting.clear();
  }
}

/** The side that answers. */
export const answerWith =
  (encoder: PromptEncoder, send: (message: ThreadMessage) => void) =>
  async ({ id, text }: EncodeMessage): Promise<void> =>
    send(
      await encoder.encode(text).then(
        (embedding) => ({ id, embedding }),
        () => ({ id, failed: true }) as const,
      ),
    );
