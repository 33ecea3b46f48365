/** Authentication is on unless the route table says `public`. */
import type { MiddlewareObj } from '@middy/core';
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

export const authenticate = (authenticator: Authenticator): MiddlewareObj<GatewayEvent, HttpResponse> => ({
  before: async ({ event }) => {
    const access = event.scope.route?.access ?? [];
    if (access === 'public') return;
    const principal = await authenticator.authenticate(presentedKey(event));
    event.scope.principal = authorize(principal, access, headerOf(event, 'x-tenant-id'));
  },
});
