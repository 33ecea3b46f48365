/** An error as a reply, in the form that the route's callers expect. */
import type { ErrorForm } from '../config/routes.ts';
import type { AppError } from './app-error.ts';
import { openAiStatus, toOpenAiError } from './openai-error.ts';
import { PROBLEM_MEDIA_TYPE, toProblem } from './problem.ts';

export interface ErrorReply {
  status: number;
  contentType: string;
  body: string;
}

export const errorReply = (error: AppError, requestId: string, form: ErrorForm | undefined): ErrorReply =>
  form === 'openai'
    ? {
        status: openAiStatus(error),
        contentType: 'application/json',
        body: JSON.stringify(toOpenAiError(error)),
      }
    : {
        status: error.status,
        contentType: PROBLEM_MEDIA_TYPE,
        body: JSON.stringify(toProblem(error, requestId)),
      };
