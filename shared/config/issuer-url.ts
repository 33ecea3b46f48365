/** An OpenID issuer's address, as files and environments name it. */
import * as z from 'zod';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const MAX_LENGTH = 1_024;

/** What is wrong with it, or undefined. Plain http is for this machine alone. */
export const checkIssuerUrl = (text: string, allowLoopback: boolean): string | undefined => {
  if (!URL.canParse(text)) return 'must be an absolute URL';
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || /[?#]/.test(text))
    return 'must hold no credentials, query or fragment';
  if (url.protocol === 'https:') return undefined;
  return allowLoopback && url.protocol === 'http:' && LOOPBACK.test(url.hostname)
    ? undefined
    : 'must be an https URL';
};

export const issuerUrl = (allowLoopback: boolean) =>
  z
    .string()
    .max(MAX_LENGTH)
    .superRefine((text, context) => {
      const fault = checkIssuerUrl(text, allowLoopback);
      if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
    });
