/** A request's whole body, within API Gateway's bound. */
import type { IncomingMessage } from 'node:http';

export const MAX_BODY = 10 * 1024 * 1024;

/** How much of a body that is too large is still read, so that the client gets to see the refusal. */
const MOST_DISCARDED = 64 * 1024 * 1024;
const LONGEST_DISCARD_MS = 5_000;

export type BodyOutcome =
  | { kind: 'body'; body: Buffer | undefined }
  | { kind: 'too_large' }
  | { kind: 'gone' };

export const announcesBody = (request: IncomingMessage): boolean =>
  request.headers['transfer-encoding'] !== undefined ||
  (request.headers['content-length'] !== undefined && request.headers['content-length'] !== '0');

export const readBody = (request: IncomingMessage): Promise<BodyOutcome> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let timer: NodeJS.Timeout | undefined;
    const settle = (outcome: BodyOutcome): void => {
      clearTimeout(timer);
      resolve(outcome);
    };
    const discard = (): void => {
      chunks.length = 0;
      timer ??= setTimeout(() => settle({ kind: 'too_large' }), LONGEST_DISCARD_MS);
    };
    if (Number(request.headers['content-length'] ?? 0) > MAX_BODY) discard();
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BODY) discard();
      if (timer === undefined) chunks.push(chunk);
      else if (size > MOST_DISCARDED) settle({ kind: 'too_large' });
    });
    request.on('end', () => {
      if (timer !== undefined) return settle({ kind: 'too_large' });
      const [only] = chunks;
      const body = size === 0 ? undefined : chunks.length === 1 ? only : Buffer.concat(chunks);
      settle({ kind: 'body', body });
    });
    request.on('close', () => settle({ kind: 'gone' }));
  });
