/** What every reply that is part of the console carries, at home and from CloudFront: nothing but the console's own runs in it. */

/** `connect` are the origins that the pages may call beside their own: those of an issuer that they sign in by. */
export const consolePolicy = (connect: readonly string[] = []): string =>
  [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    ["connect-src 'self'", ...connect].join(' '),
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

export const consoleHeaders = (connect: readonly string[] = []) => ({
  'content-security-policy': consolePolicy(connect),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
});

/** Assets are named by what is in them; whatever names them is asked for each time. */
export const ASSET_CACHING = 'public, max-age=31536000, immutable';
export const PAGE_CACHING = 'no-cache';
