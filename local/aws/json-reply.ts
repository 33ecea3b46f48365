/** Answers of the emulated AWS services: JSON with AWS's own error shape. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** An error as AWS's clients expect it; `type` is the exception's name. */
export class ServiceError extends Error {
  readonly type: string;
  readonly status: number;

  constructor(type: string, message: string, status = 400) {
    super(message);
    this.name = 'ServiceError';
    this.type = type;
    this.status = status;
  }
}

export const replyBytes = (
  response: ServerResponse,
  status: number,
  body: Buffer | string,
  headers: Readonly<Record<string, string>> = {},
): void => {
  const length = Buffer.byteLength(body);
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    'content-length': length,
    ...headers,
  });
  response.end(body);
};

export const replyJson = (response: ServerResponse, status: number, value: unknown): void =>
  replyBytes(response, status, JSON.stringify(value));

export const replyError = (response: ServerResponse, error: unknown): void => {
  const known =
    error instanceof ServiceError ? error : new ServiceError('InternalFailure', 'Internal failure', 500);
  const body = JSON.stringify({ __type: known.type, message: known.message, Message: known.message });
  replyBytes(response, known.status, body, { 'x-amzn-errortype': known.type });
};

/** Reads a whole body; by events, since it is on every request's path. Rejects with ServiceError beyond `maxBytes`. */
export const readBody = (request: IncomingMessage, maxBytes: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
    });
    request.on('end', () => {
      const [only] = chunks;
      if (size > maxBytes) {
        reject(new ServiceError('RequestEntityTooLargeException', 'The request is too large', 413));
      } else {
        resolve(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks));
      }
    });
    request.on('error', reject);
  });
