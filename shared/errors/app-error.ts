/** The one error taxonomy. Building an error has no side effect; one middleware maps it to HTTP. */
import type { UpstreamFault } from '../model/health.ts';
import { ERROR_CODES, type ErrorCode } from './codes.ts';

/** A fault in one input field; `path` is a JSON pointer (RFC 6901). */
export interface FieldError {
  path: string;
  message: string;
}

export interface AppErrorOptions {
  errors?: readonly FieldError[];
  /** Extension members of the problem document, e.g. `window`, `limit`, `reset_at`. */
  extensions?: Readonly<Record<string, unknown>>;
  headers?: Readonly<Record<string, string>>;
  /** Milliseconds; becomes `retry-after` in whole seconds, at least 1. */
  retryAfterMs?: number;
  retryable?: boolean;
  /** What went wrong with a provider; for its health, never for the caller. */
  fault?: UpstreamFault;
  cause?: unknown;
}

export class AppError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  /** What the caller may read. Never holds what the caller sent. */
  readonly detail: string;
  readonly retryable: boolean;
  readonly errors: readonly FieldError[] | undefined;
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly retryAfterMs: number | undefined;
  readonly fault: UpstreamFault | undefined;

  constructor(code: ErrorCode, detail: string, options: AppErrorOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.status = ERROR_CODES[code].status;
    this.detail = detail;
    this.retryable = options.retryable ?? ERROR_CODES[code].retryable;
    this.errors = options.errors;
    this.extensions = options.extensions ?? {};
    this.headers = options.headers ?? {};
    this.retryAfterMs = options.retryAfterMs ?? ERROR_CODES[code].retryAfterMs;
    this.fault = options.fault;
  }

  /** The same error, its fields told in other words. */
  withErrors(errors: readonly FieldError[]): AppError {
    const { extensions, headers, retryAfterMs, retryable, cause } = this;
    const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
    return new AppError(this.code, this.detail, { errors, extensions, headers, retryable, cause, ...wait });
  }
}

/** Of a foreign error nothing is told; it stays as the cause. */
export const asAppError = (error: unknown): AppError =>
  error instanceof AppError
    ? error
    : new AppError('internal', 'Something went wrong on our side.', { cause: error });

/** A 400 that names one field. */
export const invalidField = (path: string, message: string): AppError =>
  new AppError('invalid_request', 'The request is not valid.', { errors: [{ path, message }] });
