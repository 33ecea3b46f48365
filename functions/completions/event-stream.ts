/** Server-sent events of one streamed answer: `chunk` …, then `response` or `error`. */
import type { Readable } from 'node:stream';
import { type AppError, asAppError } from '../../shared/errors/app-error.ts';
import { toProblem } from '../../shared/errors/problem.ts';
import type { AskReply } from '../../shared/services/answer/answer.ts';
import type { StreamedAnswer } from '../../shared/services/answer/answer-prompt.ts';
import { FrameStream } from './frame-stream.ts';

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
): Readable => new FrameStream(frames(answer, requestId, hooks), abort);
