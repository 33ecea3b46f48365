/** Who changed what, and who was refused, newest first; further pages by `Link: …; rel="next"`. */
import { invalidField } from '../../../shared/errors/app-error.ts';
import type { RouteHandler } from '../../../shared/middleware/chain.ts';
import { json } from '../../../shared/middleware/http-response.ts';
import { parseWith } from '../../../shared/middleware/parse-body.ts';
import type { AuditQuery, ChainedEvent } from '../../../shared/model/audit.ts';
import type { AuditStore } from '../../../shared/ports/audit-store.ts';
import { auditQuery } from '../schema.ts';

const shown = ({
  prev: _,
  key_version: __,
  ...event
}: ChainedEvent): Omit<ChainedEvent, 'prev' | 'key_version'> => event;

export const auditRoutes = (audit: Pick<AuditStore, 'list'>): Record<string, RouteHandler> => ({
  'GET /admin/audit': async (event) => {
    const given = event.queryStringParameters ?? {};
    const { from, to, ...query } = parseWith(auditQuery, given, ['query']);
    const span = {
      ...(from === undefined ? {} : { from: Date.parse(from) }),
      ...(to === undefined ? {} : { to: Date.parse(to) }),
    };
    if (span.from !== undefined && span.to !== undefined && span.from > span.to)
      throw invalidField('/query/from', 'must be before `to`');
    const wanted = Object.entries({ ...query, ...span }).filter(([, value]) => value !== undefined);
    const page = await audit.list(Object.fromEntries(wanted) as unknown as AuditQuery);
    return json(200, page.items.map(shown), page.cursor === undefined ? {} : link(given, page.cursor));
  },
});

const link = (given: Record<string, string | undefined>, cursor: string): { link: string } => {
  const next = new URLSearchParams();
  for (const [name, value] of Object.entries(given)) if (value !== undefined) next.set(name, value);
  next.set('cursor', cursor);
  return { link: `</admin/audit?${next}>; rel="next"` };
};
