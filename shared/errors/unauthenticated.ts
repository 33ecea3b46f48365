/** 401 with its challenge (RFC 6750): nothing is said of why a credential was refused, beyond what its holder has to mend. */
import { AppError } from './app-error.ts';

const CHALLENGE = 'Bearer realm="atp-router"';

/** No credential came. */
export const credentialNeeded = (detail: string): AppError =>
  new AppError('unauthenticated', detail, { headers: { 'www-authenticate': CHALLENGE } });

/** One came that is refused. */
export const credentialRefused = (detail: string): AppError =>
  new AppError('unauthenticated', detail, {
    headers: { 'www-authenticate': `${CHALLENGE}, error="invalid_token"` },
  });

/** It is good, but not for this. `scope` is the route's. */
export const scopeLacking = (scope: string | undefined): AppError => {
  const named = scope === undefined ? '' : `, scope="${scope}"`;
  return new AppError('forbidden', "The credential's scopes do not permit this.", {
    headers: { 'www-authenticate': `${CHALLENGE}, error="insufficient_scope"${named}` },
  });
};
