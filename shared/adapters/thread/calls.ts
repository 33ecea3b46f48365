/** Calls of what runs in another thread, on either side of its messages: who asks, and who answers one call after the other. */

export interface Asked<Question> {
  readonly id: number;
  readonly question: Question;
}

export type Answered<Reply> =
  | { readonly id: number; readonly reply: Reply }
  /** Without the error: it may quote what was asked. */
  | { readonly id: number; readonly failed: true };

type Settle<Reply> = (answered: { reply: Reply } | undefined) => void;

/** The side that asks. `what` it is stands in errors. */
export class ThreadCalls<Question, Reply> {
  readonly #what: string;
  readonly #send: (asked: Asked<Question>) => void;
  readonly #waiting = new Map<number, Settle<Reply>>();
  #next = 0;
  #isGone = false;

  constructor(what: string, send: (asked: Asked<Question>) => void) {
    this.#what = what;
    this.#send = send;
  }

  /** Rejects where the thread failed, and where it is gone. */
  async call(question: Question): Promise<Reply> {
    if (this.#isGone) throw new Error(`${this.#what} is gone`);
    const answered = await new Promise<{ reply: Reply } | undefined>((settle) => {
      const id = this.#next++;
      this.#waiting.set(id, settle);
      this.#send({ id, question });
    });
    if (answered === undefined) throw new Error(`${this.#what} failed`);
    return answered.reply;
  }

  get isIdle(): boolean {
    return this.#waiting.size === 0;
  }

  take(answered: Answered<Reply>): void {
    const settle = this.#waiting.get(answered.id);
    this.#waiting.delete(answered.id);
    settle?.('reply' in answered ? answered : undefined);
  }

  /** Nothing will be answered any more. */
  gone(): void {
    this.#isGone = true;
    for (const settle of this.#waiting.values()) settle(undefined);
    this.#waiting.clear();
  }
}

/** The side that answers, in the order of asking. */
export const answerInOrder = <Question, Reply>(
  answer: (question: Question) => Promise<Reply>,
  send: (answered: Answered<Reply>) => void,
): ((asked: Asked<Question>) => void) => {
  let last: Promise<void> = Promise.resolve();
  return ({ id, question }) => {
    last = last.then(async () =>
      send(
        await answer(question).then(
          (reply) => ({ id, reply }),
          () => ({ id, failed: true }) as const,
        ),
      ),
    );
  };
};
