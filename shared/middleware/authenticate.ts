/** Authentication is on unless the route table says `public`. */
import type { MiddlewareObj } from '@middy/core';
import { invalidField } from '../errors/app-error.ts';
import { type Authenticator, authorize } from '../services/authenticate.ts';
import type { HttpResponse } from './http-response.ts';
import { type GatewayEvent, headerOf } from './scope.ts';

const BEARER = /^Bearer +(\S+) *$/i;

const presentedKey = (event: GatewayEvent): string | undefined => {
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
    const acting = authorize(principal, access, headerOf(event, 'x-tenant-id'));
    if (acting.tenant_id !== acting.home_tenant_id && holdsPersonalData(acting.tenant_id)) {
      throw invalidField('/headers/x-tenant-id', 'must not hold personal data');
    }
    event.scope.principal = acting;
  },
});
