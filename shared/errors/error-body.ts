/** An error as a reply's body, in the form that the route's callers expect. */
import type { ErrorForm } from '../config/routes.ts';
import type { AppError } from './app-error.ts';
import { toOpenAiError } from './openai-error.ts';
import { PROBLEM_MEDIA_TYPE, toProblem } from './problem.ts';

export interface ErrorBody {
  contentType: string;
  body: string;
}

export const errorBody = (error: AppError, requestId: string, form: ErrorForm | undefined): ErrorBody =>
  form === 'openai'
    ? { contentType: 'application/json', body: JSON.stringify(toOpenAiError(error)) }
    : { contentType: PROBLEM_MEDIA_TYPE, body: JSON.stringify(toProblem(error, requestId)) };
