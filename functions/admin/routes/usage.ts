/** What tenants used, by day and model. */
import { invalidField } from '../../../shared/errors/app-error.ts';
import type { RouteHandler } from '../../../shared/middleware/chain.ts';
import type { ObservationStore } from '../../../shared/ports/observation-store.ts';
import { usageReport } from '../../../shared/services/usage-report.ts';
import { pageReply, type QueryOf, queryOf } from '../pages.ts';

export interface UsageDeps {
  observations: Pick<ObservationStore, 'list'>;
  now: () => number;
  /** Lets other requests go on. */
  pause: () => Promise<void>;
}

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 7;
/** As long as observations are kept. */
const MAX_DAYS = 90;

export const usageRoutes = ({ observations, now, pause }: UsageDeps): Record<string, RouteHandler> => ({
  'GET /admin/usage': async (event) => {
    const query = queryOf('GET /admin/usage', event);
    const { tenant_id, model, cursor } = query;
    const span = {
      ...spanOf(query, now()),
      ...(tenant_id === undefined ? {} : { tenant_id }),
      ...(model === undefined ? {} : { model }),
      ...(cursor === undefined ? {} : { cursor }),
    };
    const report = await usageReport(observations, span, pause);
    return pageReply(event, report.rows, report.cursor);
  },
});

/** Whole days (UTC), both taken in; the last seven where none is named. */
const spanOf = ({ from, to }: QueryOf<'GET /admin/usage'>, now: number): { since: number; until: number } => {
  const today = new Date(now).toISOString().slice(0, 10);
  const last = Date.parse(to ?? today);
  const since = from === undefined ? last - (DEFAULT_DAYS - 1) * DAY_MS : Date.parse(from);
  const until = last + DAY_MS;
  if (since >= until) throw invalidField('/query/to', 'must not be before from');
  if (until - since > MAX_DAYS * DAY_MS)
    throw invalidField('/query/from', `must be at most ${MAX_DAYS} days before to`);
  return { since, until };
};
