/** What is wrong with a request's head, whatever it asks for. */
import type { IncomingMessage } from 'node:http';
import { AppError } from '../../shared/errors/app-error.ts';
import type { CallerCheck } from './who-may-call.ts';

export type RequestHead = Pick<IncomingMessage, 'headers' | 'rawHeaders'>;

const invalid = (detail: string): AppError => new AppError('invalid_request', detail);

/** Node keeps the first of several; a proxy in front may have gone by another. */
const hostsIn = (rawHeaders: readonly string[]): number => {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count;
};

export const headFault = (
  { headers, rawHeaders }: RequestHead,
  callers: Pick<CallerCheck, 'allows'>,
): AppError | undefined => {
  if (headers.host === undefined) return invalid('The Host header is missing.');
  if (hostsIn(rawHeaders) > 1) return invalid('There is more than one Host header.');
  if (!callers.allows(headers.host, headers.origin))
    return new AppError('forbidden', 'This host or origin may not call here.');
  return undefined;
};

/** Node undoes the chunks and nothing else. To be asked when the body has come: until then Node may refuse it in its own words. */
export const encodingFault = ({ headers }: Pick<RequestHead, 'headers'>): AppError | undefined => {
  const encoding = headers['transfer-encoding'];
  return encoding === undefined || encoding.trim().toLowerCase() === 'chunked'
    ? undefined
    : invalid('The only transfer encoding is chunked.');
};
