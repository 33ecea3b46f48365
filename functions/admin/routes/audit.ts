/** Who changed what, and who was refused, newest first; further pages by `Link: …; rel="next"`. And whether that is as it was written. */
import type { RouteHandler } from '../../../shared/middleware/chain.ts';
import { json } from '../../../shared/middleware/http-response.ts';
import { parseWith } from '../../../shared/middleware/parse-body.ts';
import type { ChainedEvent } from '../../../shared/model/audit.ts';
import type { AuditStore } from '../../../shared/ports/audit-store.ts';
import type { Clock } from '../../../shared/ports/runtime.ts';
import { AUDIT_SECRET } from '../../../shared/services/audit/audit-key.ts';
import { tenantChain } from '../../../shared/services/audit/chain.ts';
import { ChainVerifier } from '../../../shared/services/audit/verify-chains.ts';
import { RingReader, type RingSource } from '../../../shared/services/secrets/ring-reader.ts';
import { pageReply, queryOf } from '../pages.ts';
import { verifyQuery } from '../query-schema.ts';

export interface AuditRouteDeps {
  auditStore: Pick<AuditStore, 'list' | 'head' | 'entries' | 'places'>;
  secrets: RingSource;
  clock: Pick<Clock, 'monotonic'>;
}

/** API Gateway waits 29 s. */
const PATIENCE_MS = 20_000;

const shown = ({
  prev: _,
  key_version: __,
  ...event
}: ChainedEvent): Omit<ChainedEvent, 'prev' | 'key_version'> => event;

export const auditRoutes = ({
  auditStore,
  secrets,
  clock,
}: AuditRouteDeps): Record<string, RouteHandler> => ({
  'GET /admin/audit': async (event) => {
    const { limit, tenant_id, kind, outcome, action, actor, since, until, cursor } = queryOf(
      'GET /admin/audit',
      event,
    );
    const page = await auditStore.list({
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
  'GET /admin/audit/verify': async (event) => {
    const { tenant_id } = parseWith(verifyQuery, event.queryStringParameters ?? {}, ['query']);
    const ring = await new RingReader(secrets, AUDIT_SECRET).ring();
    const endsAt = clock.monotonic() + PATIENCE_MS;
    const { anchors: _, ...found } = await new ChainVerifier(auditStore, ring).verify({
      ...(tenant_id === undefined ? {} : { only: tenantChain(tenant_id) }),
      isLate: () => clock.monotonic() >= endsAt,
    });
    return json(200, found);
  },
});
