/** Who changed what, and who was refused, newest first; further pages by `Link: …; rel="next"`. */
import type { RouteHandler } from '../../../shared/middleware/chain.ts';
import type { ChainedEvent } from '../../../shared/model/audit.ts';
import type { AuditStore } from '../../../shared/ports/audit-store.ts';
import { pageReply, queryOf } from '../pages.ts';

const shown = ({
  prev: _,
  key_version: __,
  ...event
}: ChainedEvent): Omit<ChainedEvent, 'prev' | 'key_version'> => event;

export const auditRoutes = (audit: Pick<AuditStore, 'list'>): Record<string, RouteHandler> => ({
  'GET /admin/audit': async (event) => {
    const { limit, tenant_id, kind, outcome, action, actor, since, until, cursor } = queryOf(
      'GET /admin/audit',
      event,
    );
    const page = await audit.list({
      limit,
      ...(tenant_id === undefined ? {} : { tenant_id }),
      ...(kind === undefined ? {} : { kind }),
      ...(outcome === undefined ? {} : { outcome }),
      ...(action === undefined ? {} : { action }),
      ...(actor === undefined ? {} : { actor }),
      ...(since === undefined ? {} : { from: since }),
      ...(until === undefined ? {} : { to: until - 1 }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    return pageReply(event, page.items.map(shown), page.cursor);
  },
});
