/** What happened, newest first; further pages by `Link: …; rel="next"`. */
import { AppError } from '../../../shared/errors/app-error.ts';
import type { RouteHandler } from '../../../shared/middleware/chain.ts';
import { json } from '../../../shared/middleware/http-response.ts';
import { principalOf } from '../../../shared/middleware/scope.ts';
import type { Observation } from '../../../shared/model/observation.ts';
import type { ObservationStore } from '../../../shared/ports/observation-store.ts';
import { pageReply, queryOf } from '../pages.ts';
import { candidatesOf, timelineOf } from './observation-detail.ts';

const REQUEST_ID = /^[A-Za-z0-9._-]{1,128}$/;

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
  'GET /admin/observations/{request_id}': async (event) => {
    const { tenant_id = principalOf(event).tenant_id } = queryOf(
      'GET /admin/observations/{request_id}',
      event,
    );
    const id = event.pathParameters?.request_id ?? '';
    const found = REQUEST_ID.test(id) ? await observations.find(tenant_id, id) : undefined;
    if (found === undefined) throw new AppError('not_found', 'The tenant has no such request.');
    return json(200, {
      ...shown(found),
      max_tokens: found.max_tokens,
      prompt_truncated: found.prompt_truncated,
      features_fallback: found.features_fallback,
      candidates: candidatesOf(found),
      steps: timelineOf(found),
    });
  },
});
