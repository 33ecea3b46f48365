export interface CodeInfo {
  status: number;
  title: string;
  retryable: boolean;
  retryAfterMs?: number;
}

const CODES = {
  invalid_request: { status: 400, title: 'Invalid request', retryable: false },
  unauthenticated: { status: 401, title: 'Not authenticated', retryable: false },
  budget_exhausted: { status: 402, title: 'Budget exhausted', retryable: false },
  forbidden: { status: 403, title: 'Forbidden', retryable: false },
  not_found: { status: 404, title: 'Not found', retryable: false },
  method_not_allowed: { status: 405, title: 'Method not allowed', retryable: false },
  conflict: { status: 409, title: 'Conflict', retryable: false },
  payload_too_large: { status: 413, title: 'Payload too large', retryable: false },
  unsupported_media_type: { status: 415, title: 'Unsupported media type', retryable: false },
  no_eligible_model: { status: 422, title: 'No eligible model', retryable: false },
  blocked: { status: 422, title: 'Blocked', retryable: false },
  rate_limited: { status: 429, title: 'Rate limited', retryable: true, retryAfterMs: 1000 },
  internal: { status: 500, title: 'Internal error', retryable: false },
  upstream_error: { status: 502, title: 'Upstream error', retryable: true },
  unavailable: { status: 503, title: 'Unavailable', retryable: true, retryAfterMs: 1000 },
  draining: { status: 503, title: 'Draining', retryable: true, retryAfterMs: 1000 },
  upstream_timeout: { status: 504, title: 'Upstream timeout', retryable: true },
} as const satisfies Record<string, CodeInfo>;

export type ErrorCode = keyof typeof CODES;

export const ERROR_CODES: Readonly<Record<ErrorCode, CodeInfo>> = CODES;
