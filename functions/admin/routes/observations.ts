/** What happened, newest first; further pages by `Link: …; rel="next"`. */
import type { RouteHandler } from '../../../shared/middleware/chain.ts';
import { json } from '../../../shared/middleware/http-response.ts';
import { parseWith } from '../../../shared/middleware/parse-body.ts';
import type { Observation } from '../../../shared/model/observation.ts';
import type { ObservationStore } from '../../../shared/ports/observation-store.ts';
import { observationsQuery } from '../schema.ts';

const shown = (observation: Observation): Record<string, unknown> => ({
  request_id: observation.request_id,
  tenant_id: observation.tenant_id,
  model: observation.model,
  provider: observation.provider,
  policy: observation.policy,
  policy_version: observation.policy_version,
  prompt: observation.prompt,
  task_type: observation.task_type,
  session_id: observation.session_id,
  quality: observation.quality,
  tokens_in: observation.tokens_in,
  tokens_out: observation.tokens_out,
  tokens_estimated: observation.tokens_estimated,
  cost_usd: observation.cost_usd,
  latency_ms: observation.latency_ms,
  selector: observation.selector,
  state_version: observation.state_version,
  propensity: observation.propensity,
  propensities: observation.propensities,
  sticky: observation.sticky,
  failed_over: observation.failed_over,
  hedge: observation.hedge,
  cached: observation.cached,
  firewall: observation.firewall,
  shadow: observation.shadow?.map(({ policy, version, model, state_version, propensities }) => ({
    policy,
    version,
    model,
    state_version,
    propensities,
  })),
  quality_score: observation.quality_score,
  outcome: observation.outcome,
  finish_reason: observation.finish_reason,
  created_at: observation.created_at,
});

export const observationRoutes = (observations: ObservationStore): Record<string, RouteHandler> => ({
  'GET /admin/observations': async (event) => {
    const query = parseWith(observationsQuery, event.queryStringParameters ?? {}, ['query']);
    const page = await observations.list({
      limit: query.limit,
      ...(query.tenant_id === undefined ? {} : { tenant_id: query.tenant_id }),
      ...(query.model === undefined ? {} : { model: query.model }),
      ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
    });
    return json(
      200,
      page.items.map(shown),
      page.cursor === undefined ? {} : { link: nextLink(query, page.cursor) },
    );
  },
});

const nextLink = (
  query: { limit: number; tenant_id?: string | undefined; model?: string | undefined },
  cursor: string,
): string => {
  const next = new URLSearchParams({ limit: String(query.limit) });
  if (query.tenant_id !== undefined) next.set('tenant_id', query.tenant_id);
  if (query.model !== undefined) next.set('model', query.model);
  next.set('cursor', cursor);
  return `</admin/observations?${next}>; rel="next"`;
};
