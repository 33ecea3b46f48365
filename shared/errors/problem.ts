/** RFC 9457 problem documents. */
import type { AppError, FieldError } from './app-error.ts';
import { ERROR_CODES, type ErrorCode } from './codes.ts';

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ErrorCode;
  request_id: string;
  errors?: readonly FieldError[];
  [extension: string]: unknown;
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

export const toProblem = (error: AppError, requestId: string): Problem => ({
  ...error.extensions,
  type: `urn:atp-router:problem:${error.code}`,
  title: ERROR_CODES[error.code].title,
  status: error.status,
  detail: error.detail,
  code: error.code,
  request_id: requestId,
  ...(error.errors === undefined ? {} : { errors: error.errors }),
});

/** Headers that go with an error: whole seconds of `retry-after`, at least 1. */
export const problemHeaders = (error: AppError): Record<string, string> => ({
  ...error.headers,
  ...(error.retryAfterMs === undefined
    ? {}
    : { 'retry-after': String(Math.max(1, Math.ceil(error.retryAfterMs / 1000))) }),
});
