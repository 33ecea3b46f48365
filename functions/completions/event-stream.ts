/** Server-sent events of one streamed answer: `chunk` …, then `response` or `error`. */
import { Readable } from 'node:stream';
import { type AppError, asAppError } from '../../shared/errors/app-error.ts';
import { toProblem } from '../../shared/errors/problem.ts';
import type { AskReply } from '../../shared/services/answer/answer.ts';
import type { StreamedAnswer } from '../../shared/services/answer/answer-prompt.ts';

export interface StreamHooks {
  ended(reply: AskReply): void;
  failed(error: AppError): void;
}

const frame = (event: string, data: unknown): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

async function* frames(
  answer: StreamedAnswer,
  requestId: string,
  hooks: StreamHooks,
): AsyncGenerator<string> {
  let seq = 0;
  try {
    for await (const part of answer.parts) {
      if ('text' in part) {
        yield frame('chunk', { request_id: requestId, seq, text: part.text });
        seq += 1;
      } else if ('reply' in part) {
        hooks.ended(part.reply);
        yield frame('response', part.reply);
      }
    }
  } catch (error) {
    const failure = asAppError(error);
    hooks.failed(failure);
    yield frame('error', toProblem(failure, requestId));
  }
}

export const eventStream = (
  answer: StreamedAnswer,
  requestId: string,
  hooks: StreamHooks,
  abort: () => void,
): Readable => readableOf(frames(answer, requestId, hooks), abort);

/**
 * When the reader goes away, before or amid the first read, `abort` ends the provider's call: first of all, since a
 * generator that waits for a silent provider cannot return before it.
 */
export const readableOf = (source: AsyncGenerator<string>, abort: () => void): Readable => {
  let isStarted = false;
  let isOver = false;
  const next = async (): Promise<IteratorResult<string>> => {
    isStarted = true;
    const result = await source.next();
    isOver = result.done === true;
    return result;
  };
  const leave = async (): Promise<IteratorResult<string>> => {
    if (isOver) return { done: true, value: undefined };
    abort();
    // A generator that never ran would skip its own clean-up, and what was received would not be settled.
    if (!isStarted) await next();
    return source.return(undefined);
  };
  const iterable = { [Symbol.asyncIterator]: () => ({ next, return: leave }) };
  return Readable.from(iterable, { objectMode: false });
};
