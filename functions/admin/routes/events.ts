/** What the gateway noticed, newest first; and the telling of every change that these routes make. */
import type { RouteHandler } from '../../../shared/middleware/chain.ts';
import type { GatewayEvent } from '../../../shared/middleware/scope.ts';
import type { EventType } from '../../../shared/model/stage-event.ts';
import { type NoticeDeps, type Noticed, notice } from '../../../shared/services/notice.ts';
import { pageReply, queryOf } from '../pages.ts';

export const eventRoutes = ({ events }: Pick<NoticeDeps, 'events'>): Record<string, RouteHandler> => ({
  'GET /admin/events': async (event) => {
    const { limit, type, tenant_id, since, until, cursor } = queryOf('GET /admin/events', event);
    const page = await events.list({
      limit,
      ...(type === undefined ? {} : { type }),
      ...(tenant_id === undefined ? {} : { tenant_id }),
      ...(since === undefined ? {} : { since }),
      ...(until === undefined ? {} : { until }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    return pageReply(event, page.items, page.cursor);
  },
});

interface Told {
  type: EventType;
  subject?: string;
  tenant_id?: string;
}

/** Of a request that changed something, and its reply. Both were checked before. */
type Telling = (event: GatewayEvent, reply: Readonly<Record<string, unknown>>) => Told;

const named =
  (type: EventType, name: 'id' | 'tenant' = 'id'): Telling =>
  (event) => ({ type, subject: event.pathParameters?.[name] ?? '' });

const aKey =
  (type: EventType): Telling =>
  (_, { id, tenant_id }) => ({ type, subject: String(id), tenant_id: String(tenant_id) });

const aTenantKey =
  (type: EventType): Telling =>
  ({ pathParameters }) => ({
    type,
    subject: pathParameters?.id ?? '',
    tenant_id: pathParameters?.tenant ?? '',
  });

const aQuota: Telling = (_, { tenant_id }) => ({
  type: 'quota.set',
  subject: String(tenant_id),
  tenant_id: String(tenant_id),
});

export const TELLINGS: Readonly<Record<string, Telling>> = {
  'POST /admin/adapters': (_, { id }) => ({ type: 'adapter.registered', subject: String(id) }),
  'DELETE /admin/adapters/{id}': named('adapter.removed'),
  'POST /admin/adapters/{id}/test': named('adapter.tested'),
  'PUT /admin/adapters/{id}/keys/{tenant}': aTenantKey('adapter.key_set'),
  'DELETE /admin/adapters/{id}/keys/{tenant}': aTenantKey('adapter.key_removed'),
  'POST /admin/keys': aKey('key.created'),
  'POST /admin/keys/{id}/rotate': aKey('key.rotated'),
  'DELETE /admin/keys/{id}': named('key.revoked'),
  'POST /admin/quotas': aQuota,
  'PUT /admin/quotas/{tenant}': aQuota,
  'PUT /admin/flags': () => ({ type: 'flags.changed' }),
  'POST /admin/drain': (_, { enabled }) => ({ type: enabled === true ? 'drain.began' : 'drain.ended' }),
  'PUT /admin/policies/{id}': named('policy.changed'),
  'DELETE /admin/policies/{id}': named('policy.removed'),
  'POST /admin/policies/{id}/promote': named('policy.promoted'),
};

/** The same handlers, whose changes are told once they are made. */
export const telling = (
  handlers: Record<string, RouteHandler>,
  deps: NoticeDeps,
): Record<string, RouteHandler> =>
  Object.fromEntries(
    Object.entries(handlers).map(([route, handler]) => {
      const tell = TELLINGS[route];
      return [route, tell === undefined ? handler : toldOf(handler, tell, deps)];
    }),
  );

const toldOf =
  (handler: RouteHandler, tell: Telling, deps: NoticeDeps): RouteHandler =>
  async (event) => {
    const response = await handler(event);
    const text = typeof response.body === 'string' && response.body !== '' ? response.body : '{}';
    const reply = JSON.parse(text) as Record<string, unknown>;
    const { principal, requestId } = event.scope;
    const noticed: Noticed = {
      ...tell(event, reply),
      ...(principal === undefined ? {} : { by: principal.key_id }),
      request_id: requestId,
    };
    await notice(deps, noticed);
    return response;
  };
