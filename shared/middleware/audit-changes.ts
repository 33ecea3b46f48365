/**
 * Wraps the handlers that change something: the change is written down before it is made, and again with how it ended. Fails
 * closed: what cannot be written down is not done. Where only its end cannot be written, the first entry stays without one.
 */
import { AppError, asAppError } from '../errors/app-error.ts';
import type { AuditLog, NewEvent } from '../services/audit/audit-log.ts';
import { tenantChain } from '../services/audit/chain.ts';
import { actorOf } from '../services/audit/denial-trail.ts';
import { described, fitName, type HoldsPersonalData } from '../services/audit/fit-to-keep.ts';
import { isTenantId } from '../services/authenticate.ts';
import type { RouteHandler } from './chain.ts';
import type { HttpResponse } from './http-response.ts';
import { routeKey } from './route.ts';
import { type GatewayEvent, principalOf, type RequestScope } from './scope.ts';

export interface AuditChangesDeps {
  audit: Pick<AuditLog, 'append'>;
  holdsPersonalData: HoldsPersonalData;
  log: { failed(scope: RequestScope, error: AppError): void };
}

export const auditChanges = (
  deps: AuditChangesDeps,
  handlers: Readonly<Record<string, RouteHandler>>,
): Record<string, RouteHandler> =>
  Object.fromEntries(
    Object.entries(handlers).map(([route, handler]) => [
      route,
      route.startsWith('GET ') ? handler : audited(deps, handler),
    ]),
  );

const audited =
  (deps: AuditChangesDeps, handler: RouteHandler): RouteHandler =>
  async (event) => {
    const { tenantId, change } = changeOf(event, deps.holdsPersonalData);
    const chain = tenantChain(tenantId);
    const begunBy = await begin(deps, chain, change);
    const end = async (status: number): Promise<void> => {
      const outcome = status < 400 ? 'succeeded' : 'failed';
      const { change: _, target: __, ...known } = change;
      try {
        await deps.audit.append(chain, { ...known, outcome, status, begun_by: begunBy });
      } catch (error) {
        deps.log.failed(event.scope, asAppError(error));
      }
    };
    let response: HttpResponse;
    try {
      response = await handler(event);
    } catch (error) {
      await end(asAppError(error).status);
      throw error;
    }
    await end(response.statusCode);
    return response;
  };

const begin = async (deps: AuditChangesDeps, chain: string, change: NewEvent): Promise<string> => {
  try {
    return await deps.audit.append(chain, change);
  } catch (cause) {
    throw new AppError('unavailable', 'Nothing was changed: the change could not be written down.', {
      cause,
    });
  }
};

const changeOf = (
  event: GatewayEvent,
  holdsPersonalData: HoldsPersonalData,
): { tenantId: string; change: NewEvent } => {
  const { scope } = event;
  const principal = principalOf(event);
  const named = event.pathParameters?.tenant ?? tenantIn(scope.body);
  const isFit = named !== undefined && isTenantId(named) && fitName(named, holdsPersonalData) === named;
  const tenantId = isFit ? named : principal.tenant_id;
  const target = Object.entries(event.pathParameters ?? {}).map(([name, value = '']) => [
    name,
    fitName(value, holdsPersonalData) ?? '[withheld]',
  ]);
  const change = described(scope.body, holdsPersonalData);
  return {
    tenantId,
    change: {
      kind: 'change',
      action: routeKey(event.httpMethod, event.resource),
      outcome: 'begun',
      tenant_id: tenantId,
      actor: actorOf(principal),
      ...(target.length === 0 ? {} : { target: Object.fromEntries(target) }),
      ...(change === undefined ? {} : { change }),
      request_id: fitName(scope.requestId, holdsPersonalData) ?? scope.id,
    },
  };
};

const tenantIn = (body: unknown): string | undefined =>
  typeof body === 'object' && body !== null && 'tenant_id' in body && typeof body.tenant_id === 'string'
    ? body.tenant_id
    : undefined;
