/** Errors as Anthropic's API tells them, so that its clients raise the right one. */
import type { AppError } from './app-error.ts';
import { vendorMessage, vendorStatus } from './vendor-error.ts';

export interface AnthropicErrorDocument {
  type: 'error';
  error: { type: string; message: string };
  request_id: string;
}

const TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error',
};

const typeOf = (status: number): string =>
  TYPES[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');

export const toAnthropicError = (error: AppError, requestId: string): AnthropicErrorDocument => ({
  type: 'error',
  error: { type: typeOf(vendorStatus(error)), message: vendorMessage(error) },
  request_id: requestId,
});
