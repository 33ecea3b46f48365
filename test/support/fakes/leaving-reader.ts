/** A reader of a stream that has no end of its own: takes so many frames, then goes away. */
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import type { ResponsePrelude, StreamingHandler } from '../../../local/lambda/awslambda-global.ts';
import { ResponseStream } from '../../../local/lambda/response-stream.ts';

export interface Left {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

const FRAME = /\n\n/g;

/** Resolves when the handler has ended too, which it has to by itself. */
export const readAndLeave = async (
  handler: StreamingHandler,
  event: APIGatewayProxyEvent,
  context: Context,
  frames: number,
): Promise<Left> => {
  let head: ResponsePrelude = {};
  let body = '';
  const take = (chunk: Buffer): void => {
    body += chunk.toString('utf8');
    if ([...body.matchAll(FRAME)].length >= frames) setImmediate(() => stream.destroy());
  };
  const begin = (prelude: ResponsePrelude, chunk: Buffer): void => {
    head = prelude;
    take(chunk);
  };
  const stream = new ResponseStream({
    reply: begin,
    begin,
    write: (chunk, done) => {
      take(chunk);
      done();
    },
    end: () => undefined,
  });
  stream.on('error', () => undefined);
  // A reader that leaves fails the pipeline; that the handler ends is what matters.
  await Promise.resolve(handler(event, stream, context)).catch(() => undefined);
  return { statusCode: head.statusCode ?? 0, headers: { ...head.headers } as Record<string, string>, body };
};
