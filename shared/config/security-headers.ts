/** What every reply carries, whoever makes it: a function, API Gateway, or the gateway at home. */

/** Replies are data for programs: nothing of them is to be kept, guessed at, run or framed. */
export const SECURITY_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

/** Only where HTTPS is spoken; a reply over plain HTTP must not carry it (RFC 6797, 7.2). */
export const HTTPS_ONLY = { 'strict-transport-security': 'max-age=31536000' } as const;
