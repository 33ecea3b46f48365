/** Authentication is on unless the route table says `public`. */
import type { MiddlewareObj } from '@middy/core';
import { invalidField } from '../errors/app-error.ts';
import type { Principal } from '../model/tenant.ts';
import { type Authenticator, authorize } from '../services/authenticate.ts';
import type { HttpResponse } from './http-response.ts';
import { type GatewayEvent, headerOf } from './scope.ts';

const BEARER = /^Bearer +(\S+) *$/i;

/** The key in `Authorization` or `x-api-key`. */
export const presentedKey = (event: Pick<GatewayEvent, 'headers'>): string | undefined => {
  const authorization = headerOf(event, 'authorization');
  if (authorization === undefined) return headerOf(event, 'x-api-key');
  // Another scheme is a malformed key, not a missing one.
  return BEARER.exec(authorization)?.[1] ?? authorization;
};

export interface AuthenticateDeps {
  authenticator: Authenticator;
  /** A tenant that is named in a header is written down with the request. */
  holdsPersonalData: (text: string) => boolean;
}

export const authenticate = ({
  authenticator,
  holdsPersonalData,
}: AuthenticateDeps): MiddlewareObj<GatewayEvent, HttpResponse> => ({
  before: async ({ event }) => {
    const access = event.scope.route?.access ?? [];
    if (access === 'public') return;
    const principal = await authenticator.authenticate(presentedKey(event));
    // Also of who is refused it is known who it was.
    event.scope.principal = principal;
    event.scope.principal = actingFor(principal, access, headerOf(event, 'x-tenant-id'), holdsPersonalData);
  },
});

/** The principal for the tenant that it acts for. Throws 403, and 400 for a tenant's name that may not be written down. */
export const actingFor = (
  principal: Principal,
  access: readonly string[],
  namedTenant: string | undefined,
  holdsPersonalData: (text: string) => boolean,
): Principal => {
  const acting = authorize(principal, access, namedTenant);
  if (acting.tenant_id !== acting.home_tenant_id && holdsPersonalData(acting.tenant_id)) {
    throw invalidField('/headers/x-tenant-id', 'must not hold personal data');
  }
  return acting;
};
