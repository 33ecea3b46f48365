/** Lambda's synchronous Invoke for the functions that run here. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody, replyBytes, replyError, ServiceError } from './json-reply.ts';
import type { LambdaFunction } from './lambda-function.ts';

const INVOKE = /^\/2015-03-31\/functions\/([A-Za-z0-9_-]{1,140})\/invocations(?:\?.*)?$/;
const MAX_PAYLOAD = 6 * 1024 * 1024;

/** The function's name, or undefined where the path is no Invoke. */
export const invokedFunction = (url: string): string | undefined => INVOKE.exec(url)?.[1];

export const handleInvoke = async (
  fn: LambdaFunction | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const payload = await readBody(request, MAX_PAYLOAD);
  const result = await fn?.invoke(payload);
  if (result === undefined) {
    return replyError(
      response,
      new ServiceError('ResourceNotFoundException', 'The function is not running', 404),
    );
  }
  replyBytes(response, 200, result.payload, {
    'content-type': 'application/json',
    'x-amz-executed-version': '$LATEST',
    ...(result.functionError === undefined ? {} : { 'x-amz-function-error': result.functionError }),
  });
};
