/** Errors as OpenAI's API tells them, so that its clients raise the right one. */
import type { AppError } from './app-error.ts';
import type { ErrorCode } from './codes.ts';

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

/** What a provider refuses, no retry and no other status than a refusal will mend. */
const REFUSED = 400;
const isRefused = ({ extensions }: AppError): boolean => typeof extensions.upstream_status === 'number';

export const openAiStatus = (error: AppError): number => (isRefused(error) ? REFUSED : error.status);

export const toOpenAiError = (error: AppError): OpenAiErrorDocument => {
  const known = KNOWN[error.code];
  const [first] = error.errors ?? [];
  const isOurs = openAiStatus(error) >= 500;
  return {
    error: {
      message: messageOf(error),
      type: known?.type ?? (isOurs ? 'server_error' : 'invalid_request_error'),
      param: first === undefined ? null : paramOf(first.path),
      code: known?.code ?? error.code,
    },
  };
};

/** The document has no place of its own for what our problems say besides, so the message says it. */
const messageOf = ({ code, detail, errors = [], extensions }: AppError): string =>
  [
    ...(code === 'invalid_request' && errors.length > 0 ? [] : [detail]),
    ...errors.map(({ path, message }) => sentence(paramOf(path), message)),
    ...reasonsOf(extensions.reasons).map(({ id, reason }) => `${id}: ${reason}.`),
    ...(typeof extensions.reset_at === 'string' ? [`It frees at ${extensions.reset_at}.`] : []),
  ].join(' ');

const sentence = (param: string | null, message: string): string =>
  `${param === null ? '' : `${param} `}${message}.`;

const reasonsOf = (reasons: unknown): { id: string; reason: string }[] =>
  Array.isArray(reasons) ? (reasons as { id: string; reason: string }[]) : [];

/** `messages[0].content` from `/messages/0/content`; null for the whole body. */
const paramOf = (pointer: string): string | null =>
  pointer === ''
    ? null
    : pointer
        .slice(1)
        .split('/')
        .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
        .map((segment) => (/^\d+$/.test(segment) ? `[${segment}]` : `.${segment}`))
        .join('')
        .replace(/^\.(headers\.)?/, '');
