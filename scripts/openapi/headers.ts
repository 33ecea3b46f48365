/** Headers of replies, as the document describes them. */
export const HEADERS = {
  'x-request-id': "The request's id: the caller's own where it is fit, else ours.",
  'x-atp-model': 'The model that answers.',
  'x-atp-selector': 'Which selector decided: rust or typescript.',
  'x-atp-cost-usd': 'What the answer cost, US dollars; for a stream, what it is expected to cost.',
  'x-atp-pii': 'partial where the detector of personal data had no time for all of the request.',
  'x-atp-cache': 'Where the policy keeps answers: hit, miss, or bypass where personal data was found.',
  'idempotent-replayed': 'true where this reply was given before, to the same Idempotency-Key.',
  'x-ratelimit-limit': 'Requests that the tightest window permits, where a limit applies.',
  'x-ratelimit-remaining': 'Requests left in it.',
  'x-ratelimit-reset': 'Seconds until it is empty again.',
  'x-ratelimit-limit-second':
    'Requests permitted in any second, where there is such a limit; of the key or the tenant.',
  'x-ratelimit-remaining-second': 'Requests left in it.',
  'x-ratelimit-reset-second': 'Seconds until it is empty again.',
  'x-ratelimit-limit-minute': 'Requests permitted in any minute, where there is such a limit.',
  'x-ratelimit-remaining-minute': 'Requests left in it.',
  'x-ratelimit-reset-minute': 'Seconds until it is empty again.',
  'x-ratelimit-limit-hour': 'Requests permitted in any hour, where there is such a limit.',
  'x-ratelimit-remaining-hour': 'Requests left in it.',
  'x-ratelimit-reset-hour': 'Seconds until it is empty again.',
  'retry-after': 'Whole seconds, at least 1.',
  'www-authenticate': 'How to authenticate, and whether a credential that came was refused.',
  allow: 'The methods that the path answers.',
  etag: 'The version: of a policy, for If-Match; of this document, for If-None-Match.',
  'cache-control': 'How long it may be kept.',
  link: 'The next page, as `<path>; rel="next"`, where there is one.',
} as const;
export type HeaderName = keyof typeof HEADERS;

/** Where a limit applies. */
export const LIMIT_HEADERS = (Object.keys(HEADERS) as HeaderName[]).filter((name) =>
  name.startsWith('x-ratelimit-'),
);
