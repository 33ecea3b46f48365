/** What the errors of all vendors' routes share: a status, and a message that says what a problem says in members of its own. */
import type { AppError } from './app-error.ts';

/** What a provider refuses, no retry and no other status than a refusal will mend. */
const REFUSED = 400;

export const vendorStatus = ({ status, extensions }: AppError): number =>
  typeof extensions.upstream_status === 'number' ? REFUSED : status;

export const vendorMessage = ({ code, detail, errors = [], extensions }: AppError): string =>
  [
    ...(code === 'invalid_request' && errors.length > 0 ? [] : [detail]),
    ...errors.map(({ path, message }) => sentence(paramOf(path), message)),
    ...reasonsOf(extensions.reasons).map(({ id, reason }) => `${id}: ${reason}.`),
    ...limitOf(extensions),
  ].join(' ');

const limitOf = ({ limit, reset_at }: AppError['extensions']): string[] =>
  typeof reset_at === 'string' ? [`It is ${String(limit)}, and frees at ${reset_at}.`] : [];

const sentence = (param: string | null, message: string): string =>
  `${param === null ? '' : `${param} `}${message}.`;

const reasonsOf = (reasons: unknown): { id: string; reason: string }[] =>
  Array.isArray(reasons) ? (reasons as { id: string; reason: string }[]) : [];

/** `messages[0].content` from `/messages/0/content`; null for the whole body. */
export const paramOf = (pointer: string): string | null =>
  pointer === ''
    ? null
    : pointer
        .slice(1)
        .split('/')
        .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
        .map((segment) => (/^\d+$/.test(segment) ? `[${segment}]` : `.${segment}`))
        .join('')
        .replace(/^\.(headers\.)?/, '');
