/** A streaming handler's reply as one proxy result, for hosts that cannot stream (the emulator, a benchmark). */
import type { APIGatewayProxyResult, Context } from 'aws-lambda';
import type { ResponsePrelude, StreamingHandler } from './awslambda-global.ts';
import { ResponseStream } from './response-stream.ts';

/** Rejects where the handler fails before its reply is complete. */
export const collectResponse = async (
  handler: StreamingHandler,
  event: unknown,
  context: Context,
): Promise<APIGatewayProxyResult> => {
  const chunks: Buffer[] = [];
  let head: ResponsePrelude = {};
  const start = (prelude: ResponsePrelude, chunk: Buffer): void => {
    head = prelude;
    chunks.push(chunk);
  };
  const stream = new ResponseStream({
    reply: start,
    begin: start,
    write: (chunk, done) => {
      chunks.push(chunk);
      done();
    },
    end: () => undefined,
  });
  const finished = new Promise<void>((resolve, reject) => {
    stream.once('finish', resolve);
    stream.once('error', reject);
  });
  await Promise.all([finished, handler(event, stream, context)]);
  return {
    statusCode: head.statusCode ?? 200,
    ...(head.headers === undefined ? {} : { headers: { ...head.headers } }),
    ...(head.multiValueHeaders === undefined ? {} : { multiValueHeaders: copyLists(head.multiValueHeaders) }),
    body: Buffer.concat(chunks).toString('utf8'),
    isBase64Encoded: false,
  };
};

const copyLists = (lists: NonNullable<ResponsePrelude['multiValueHeaders']>) =>
  Object.fromEntries(Object.entries(lists).map(([name, values]) => [name, [...values]]));
