/** What is known of a policy's models, and of their share of its requests. */
import type { RouteHandler } from '../../../shared/middleware/chain.ts';
import { json } from '../../../shared/middleware/http-response.ts';
import { learningStateOf } from '../../../shared/model/policy.ts';
import type { ConfigStore } from '../../../shared/ports/config-store.ts';
import type { LearningState } from '../../../shared/ports/learning-state.ts';
import type { ObservationStore } from '../../../shared/ports/observation-store.ts';
import { reportArms } from '../../../shared/services/evaluation/policy-arms.ts';
import { newestOf } from '../../../shared/services/observation-span.ts';
import { queryOf } from '../pages.ts';
import { namedPolicy } from './policies.ts';

export interface ArmDeps {
  config: ConfigStore;
  learning: LearningState;
  observations: Pick<ObservationStore, 'list'>;
  now: () => number;
}

const HOUR_MS = 3_600_000;
const MOST = 5_000;

export const armRoutes = (deps: ArmDeps): Record<string, RouteHandler> => ({
  'GET /admin/policies/{id}/arms': async (event) => {
    const { hours } = queryOf('GET /admin/policies/{id}/arms', event);
    const policy = await namedPolicy(deps.config, event);
    const to = deps.now();
    const span = { from: to - hours * HOUR_MS, to };
    const [adapters, state, { observations, truncated }] = await Promise.all([
      deps.config.listAdapters(),
      deps.learning.read(learningStateOf(policy)),
      newestOf(deps.observations, span, MOST),
    ]);
    const {
      policy: id,
      version,
      strategy,
      learning_state,
      state_version,
      ...report
    } = reportArms({
      policy,
      adapters,
      state,
      observations,
      span,
    });
    return json(200, {
      ...{ policy: id, version, strategy, learning_state, state_version },
      from: new Date(span.from).toISOString(),
      to: new Date(span.to).toISOString(),
      truncated,
      ...report,
    });
  },
});
