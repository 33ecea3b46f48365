/** Errors as OpenAI's API tells them, so that its clients raise the right one. */
import type { AppError } from './app-error.ts';
import type { ErrorCode } from './codes.ts';
import { paramOf, vendorMessage, vendorStatus } from './vendor-error.ts';

export interface OpenAiErrorDocument {
  error: { message: string; type: string; param: string | null; code: string };
}

const KNOWN: Partial<Record<ErrorCode, { type?: string; code?: string }>> = {
  unauthenticated: { code: 'invalid_api_key' },
  budget_exhausted: { type: 'insufficient_quota', code: 'insufficient_quota' },
  forbidden: { type: 'permission_error' },
  not_found: { code: 'model_not_found' },
  rate_limited: { type: 'rate_limit_error', code: 'rate_limit_exceeded' },
};

export const toOpenAiError = (error: AppError): OpenAiErrorDocument => {
  const known = KNOWN[error.code];
  const [first] = error.errors ?? [];
  const isOurs = vendorStatus(error) >= 500;
  return {
    error: {
      message: vendorMessage(error),
      type: known?.type ?? (isOurs ? 'server_error' : 'invalid_request_error'),
      param: first === undefined ? null : paramOf(first.path),
      code: known?.code ?? error.code,
    },
  };
};
