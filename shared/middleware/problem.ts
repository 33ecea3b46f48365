/** The one place where an error becomes a reply. Foreign errors are logged by name and answered as a bare 500. */
import type { MiddlewareObj } from '@middy/core';
import { AppError, type FieldError } from '../errors/app-error.ts';
import { PROBLEM_MEDIA_TYPE, problemHeaders, toProblem } from '../errors/problem.ts';
import type { RequestLog } from '../observability/request-log.ts';
import type { HttpResponse } from './http-response.ts';
import type { GatewayEvent } from './scope.ts';

export interface ProblemDeps {
  log: RequestLog;
  /** Field names are the caller's words too. */
  redact: (text: string) => string;
}

export const problem = ({ log, redact }: ProblemDeps): MiddlewareObj<GatewayEvent, HttpResponse> => ({
  onError: (request) => {
    const { scope } = request.event;
    const error =
      request.error instanceof AppError
        ? request.error
        : new AppError('internal', 'Something went wrong on our side.', { cause: request.error });
    if (error.status >= 500) log.failed(scope, error);
    scope.facts.error_code = error.code;
    const redacted = toProblem(error, scope.requestId);
    if (redacted.errors !== undefined)
      redacted.errors = redacted.errors.map((field) => redactField(field, redact));
    request.response = {
      statusCode: error.status,
      headers: { 'content-type': PROBLEM_MEDIA_TYPE, ...problemHeaders(error) },
      body: JSON.stringify(redacted),
    };
  },
});

const redactField = (field: FieldError, redact: (text: string) => string): FieldError => ({
  path: redact(field.path),
  message: redact(field.message),
});
