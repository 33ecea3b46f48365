/** Authentication is on unless the route table says `public`. */
import type { MiddlewareObj } from '@middy/core';
import { scopeOf } from '../config/scopes.ts';
import { AppError, invalidField } from '../errors/app-error.ts';
import type { ClientCertificate } from '../model/identity.ts';
import type { Principal } from '../model/tenant.ts';
import type { RequestLog } from '../observability/request-log.ts';
import { type Authenticator, authorize } from '../services/authenticate.ts';
import type { HttpResponse } from './http-response.ts';
import { type GatewayEvent, headerOf, type RequestScope } from './scope.ts';

const BEARER = /^Bearer +(\S+) *$/i;

/** The key in `Authorization` or `x-api-key`. */
export const presentedKey = (event: Pick<GatewayEvent, 'headers'>): string | undefined => {
  const authorization = headerOf(event, 'authorization');
  if (authorization === undefined) return headerOf(event, 'x-api-key');
  // Another scheme is a malformed key, not a missing one.
  return BEARER.exec(authorization)?.[1] ?? authorization;
};

/** Only what API Gateway itself has verified; a header of such a name is anybody's. */
export const certificateOf = ({
  requestContext,
}: Pick<GatewayEvent, 'requestContext'>): ClientCertificate | undefined => {
  const certificate = requestContext.identity?.clientCert;
  return certificate === null || certificate === undefined
    ? undefined
    : { subject: certificate.subjectDN, issuer: certificate.issuerDN };
};

/** The request waits for what it has to write down of its key, and tells where that failed. */
export const usesWritten = (
  { authenticator, log }: { authenticator?: Authenticator; log: RequestLog },
  scope: RequestScope,
): Promise<void> | undefined =>
  authenticator?.settled()?.then((lost) => {
    if (lost !== undefined) log.failed(scope, lost);
  });

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
    const { route } = event.scope;
    const access = route?.access ?? [];
    if (access === 'public') return;
    const principal = await authenticator.authenticate(presentedKey(event), certificateOf(event));
    // Also of who is refused it is known who it was.
    event.scope.principal = principal;
    const named = headerOf(event, 'x-tenant-id');
    const scope = route === undefined ? undefined : scopeOf(route);
    event.scope.principal = actingFor(principal, { access, scope }, named, holdsPersonalData);
  },
});

/** The principal for the tenant that it acts for. Throws 403, and 400 for a tenant's name that may not be written down. */
export const actingFor = (
  principal: Principal,
  needed: { access: readonly string[]; scope: string | undefined },
  namedTenant: string | undefined,
  holdsPersonalData: (text: string) => boolean,
): Principal => {
  const acting = authorize(principal, needed.access, namedTenant, needed.scope);
  // A key's own tenant was looked at when the key was made.
  if (principal.via === 'token' && holdsPersonalData(principal.home_tenant_id))
    throw new AppError('forbidden', 'The token names no tenant of this stage.');
  if (acting.tenant_id !== acting.home_tenant_id && holdsPersonalData(acting.tenant_id)) {
    throw invalidField('/headers/x-tenant-id', 'must not hold personal data');
  }
  return acting;
};
