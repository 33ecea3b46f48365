/** What happened, newest first; further pages by `Link: …; rel="next"`. */
import type { RouteHandler } from '../../../shared/middleware/chain.ts';
import type { Observation } from '../../../shared/model/observation.ts';
import type { ObservationStore } from '../../../shared/ports/observation-store.ts';
import { pageReply, queryOf } from '../pages.ts';

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
    const { limit, tenant_id, model, outcome, since, until, cursor } = queryOf(
      'GET /admin/observations',
      event,
    );
    const page = await observations.list({
      limit,
      ...(tenant_id === undefined ? {} : { tenant_id }),
      ...(model === undefined ? {} : { model }),
      ...(outcome === undefined ? {} : { outcome }),
      ...(since === undefined ? {} : { since }),
      ...(until === undefined ? {} : { until }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    return pageReply(event, page.items.map(shown), page.cursor);
  },
});
