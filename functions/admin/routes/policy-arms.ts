/** What is known of a policy's models, and of their share of its requests. */
import type { RouteHandler } from '../../../shared/middleware/chain.ts';
import { json } from '../../../shared/middleware/http-response.ts';
import { learningStateOf } from '../../../shared/model/policy.ts';
import type { ConfigStore } from '../../../shared/ports/config-store.ts';
import type { LearningState } from '../../../shared/ports/learning-state.ts';
import type { ObservationStore } from '../../../shared/ports/observation-store.ts';
import type { Clock } from '../../../shared/ports/runtime.ts';
import { type ArmActivity, activityOf, reportArms } from '../../../shared/services/evaluation/policy-arms.ts';
import { KeptReports } from '../../../shared/services/kept-reports.ts';
import { newestOf, type Span } from '../../../shared/services/observation-span.ts';
import { queryOf } from '../pages.ts';
import { namedPolicy } from './policies.ts';

export interface ArmDeps {
  config: ConfigStore;
  learning: LearningState;
  observations: Pick<ObservationStore, 'list'>;
  now: () => number;
  clock: Pick<Clock, 'monotonic'>;
}

/** What thousands of observations say; what was learnt is read each time, as it is one item. */
interface Observed {
  span: Span;
  truncated: boolean;
  activity: ArmActivity;
}

const HOUR_MS = 3_600_000;
/** The newest of the span, of all policies. */
const MOST = 5_000;

export const armRoutes = (deps: ArmDeps): Record<string, RouteHandler> => {
  const kept = new KeptReports<Observed>(deps.clock);
  const observe = async (policy: string, hours: number): Promise<Observed> => {
    const to = deps.now();
    const span = { from: to - hours * HOUR_MS, to };
    const { observations, truncated } = await newestOf(deps.observations, span, MOST);
    return { span, truncated, activity: activityOf(policy, observations, span) };
  };
  return {
    'GET /admin/policies/{id}/arms': async (event) => {
      const { hours } = queryOf('GET /admin/policies/{id}/arms', event);
      const policy = await namedPolicy(deps.config, event);
      const [adapters, state, { span, truncated, activity }] = await Promise.all([
        deps.config.listAdapters(),
        deps.learning.read(learningStateOf(policy)),
        kept.get(`${policy.id} ${hours}`, () => observe(policy.id, hours)),
      ]);
      return json(200, {
        ...reportArms({ policy, adapters, state, activity }),
        from: new Date(span.from).toISOString(),
        to: new Date(span.to).toISOString(),
        truncated,
      });
    },
  };
};
