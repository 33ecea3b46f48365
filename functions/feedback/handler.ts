/** `POST /v1/observe`. */
import type { RouteHandler } from '../../shared/middleware/chain.ts';
import { json } from '../../shared/middleware/http-response.ts';
import { principalOf } from '../../shared/middleware/scope.ts';
import type { ObserveBody } from '../../shared/model/observe-schema.ts';
import { type FeedbackDeps, recordFeedback } from '../../shared/services/record-feedback.ts';

export const makeHandlers = (deps: FeedbackDeps): Record<string, RouteHandler> => ({
  'POST /v1/observe': async (event) => {
    const body = event.scope.body as ObserveBody;
    const recorded = await recordFeedback(deps, principalOf(event).tenant_id, body);
    event.scope.facts.quality_score = body.quality_score;
    return json(200, recorded);
  },
});
