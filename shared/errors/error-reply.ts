/** An error as a reply, in the form that the route's callers expect. */
import type { ErrorForm } from '../config/routes.ts';
import { toAnthropicError } from './anthropic-error.ts';
import type { AppError } from './app-error.ts';
import { toOpenAiError } from './openai-error.ts';
import { PROBLEM_MEDIA_TYPE, toProblem } from './problem.ts';
import { vendorStatus } from './vendor-error.ts';

export interface ErrorReply {
  status: number;
  contentType: string;
  body: string;
}

export const errorReply = (error: AppError, requestId: string, form: ErrorForm | undefined): ErrorReply => {
  if (form === undefined) {
    const body = JSON.stringify(toProblem(error, requestId));
    return { status: error.status, contentType: PROBLEM_MEDIA_TYPE, body };
  }
  const told = form === 'openai' ? toOpenAiError(error) : toAnthropicError(error, requestId);
  return { status: vendorStatus(error), contentType: 'application/json', body: JSON.stringify(told) };
};
