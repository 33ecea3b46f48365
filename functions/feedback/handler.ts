/** `POST /v1/observe`: joins a score to its decision. The same again is fine, another score is a conflict. */
import { AppError } from '../../shared/errors/app-error.ts';
import type { RouteHandler } from '../../shared/middleware/chain.ts';
import { json } from '../../shared/middleware/http-response.ts';
import { principalOf } from '../../shared/middleware/scope.ts';
import type { FeedbackStore } from '../../shared/ports/observation-store.ts';
import type { ObserveBody } from './schema.ts';

export interface FeedbackDeps {
  feedback: FeedbackStore;
  redact: (text: string) => string;
}

export const makeHandlers = (deps: FeedbackDeps): Record<string, RouteHandler> => ({
  'POST /v1/observe': async (event) => {
    const body = event.scope.body as ObserveBody;
    const labels = body.labels;
    const result = await deps.feedback.record({
      tenant_id: principalOf(event).tenant_id,
      request_id: body.request_id,
      quality_score: body.quality_score,
      ...(labels === undefined
        ? {}
        : {
            labels: Object.fromEntries(
              Object.entries(labels).map(([name, value]) => [deps.redact(name), deps.redact(value)]),
            ),
          }),
    });
    if (result === 'unknown_request') throw new AppError('not_found', 'There is no request with this id.');
    if (result === 'different') {
      throw new AppError('conflict', 'This request was scored before, with another score or other labels.');
    }
    return json(200, { status: 'ok' });
  },
});
