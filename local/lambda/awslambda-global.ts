/**
 * The `awslambda` global that Lambda's Node runtime gives to functions that stream. Functions are marked with the
 * same symbols as there. A response stream of ours takes the prelude as it is; any other stream gets what Lambda
 * writes: the content type, the metadata as JSON, and eight null bytes before the first byte of the body.
 */

import type { Writable } from 'node:stream';
import type { Context } from 'aws-lambda';

export interface ResponsePrelude {
  statusCode?: number;
  headers?: Readonly<Record<string, string | number | boolean>>;
  multiValueHeaders?: Readonly<Record<string, readonly (string | number | boolean)[]>>;
  cookies?: readonly string[];
}

/** A stream that keeps the prelude apart from the body. */
export interface TakesPrelude {
  takePrelude(prelude: ResponsePrelude): void;
}

export type StreamingHandler = (event: unknown, stream: Writable, context: Context) => unknown;

const PRELUDE_TYPE = 'application/vnd.awslambda.http-integration-response';
const DELIMITER_BYTES = 8;
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

interface RawStream extends Writable {
  setContentType?(type: string): void;
  _onBeforeFirstWrite?: (write: (chunk: string | Uint8Array) => void) => void;
}

const takesPrelude = (stream: Writable): stream is Writable & TakesPrelude =>
  'takePrelude' in stream && typeof stream.takePrelude === 'function';

const from = (stream: Writable, prelude: ResponsePrelude): Writable => {
  if (takesPrelude(stream)) {
    stream.takePrelude(prelude);
    return stream;
  }
  const raw = stream as RawStream;
  const metadata = JSON.stringify(prelude);
  raw.setContentType?.(PRELUDE_TYPE);
  raw._onBeforeFirstWrite = (write) => {
    write(metadata);
    write(new Uint8Array(DELIMITER_BYTES));
  };
  return stream;
};

const streamifyResponse = <Handler extends StreamingHandler>(handler: Handler): Handler =>
  Object.assign(handler, { [STREAMING]: 'response' });

export const isStreaming = (handler: unknown): handler is StreamingHandler =>
  typeof handler === 'function' && Reflect.get(handler, STREAMING) === 'response';

/** Must run before the first import of a function's module. */
export const installAwslambda = (): void => {
  Object.defineProperty(globalThis, 'awslambda', {
    value: { streamifyResponse, HttpResponseStream: { from } },
    configurable: true,
    writable: true,
  });
};
