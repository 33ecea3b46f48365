/** What a policy would have earned on the traffic of others, and the promotion of challengers, which goes by it. */
import { AppError, invalidField } from '../../../shared/errors/app-error.ts';
import type { RouteHandler } from '../../../shared/middleware/chain.ts';
import { json } from '../../../shared/middleware/http-response.ts';
import { parseWith } from '../../../shared/middleware/parse-body.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import type { ConfigStore } from '../../../shared/ports/config-store.ts';
import type { ObservationStore } from '../../../shared/ports/observation-store.ts';
import type { Clock } from '../../../shared/ports/runtime.ts';
import { type Evaluation, evaluatePolicy } from '../../../shared/services/evaluation/evaluate-policy.ts';
import { promoted, refusalsOf } from '../../../shared/services/evaluation/promotion.ts';
import { KeptReports } from '../../../shared/services/kept-reports.ts';
import { newestOf, type Span } from '../../../shared/services/observation-span.ts';
import { type EvaluationQuery, evaluationQuery, type PromoteBody } from '../policy-schema.ts';
import { namedPolicy, putVersion } from './policies.ts';

export interface EvaluationDeps {
  config: ConfigStore;
  observations: Pick<ObservationStore, 'list'>;
  now: () => number;
  clock: Pick<Clock, 'monotonic'>;
  /** Lets other requests go on. */
  pause: () => Promise<void>;
}

const DAY_MS = 86_400_000;
/** More would take longer than API Gateway waits. */
const MOST = 10_000;

/** `truncated`: there was more of the span than is read at once, and the newest was. */
type Report = Evaluation & { from: string; to: string; truncated: boolean };

export const evaluationRoutes = (deps: EvaluationDeps): Record<string, RouteHandler> => {
  const kept = new KeptReports<Report>(deps.clock);
  return { ...readRoutes(deps, kept), ...promoteRoutes(deps) };
};

const readRoutes = (deps: EvaluationDeps, kept: KeptReports<Report>): Record<string, RouteHandler> => ({
  'GET /admin/policies/{id}/evaluation': async (event) => {
    const query = parseWith(evaluationQuery, event.queryStringParameters ?? {}, ['query']);
    const policy = await namedPolicy(deps.config, event);
    const span = spanOf(query, deps.now());
    const key = JSON.stringify([policy.id, policy.version, query]);
    return json(200, await kept.get(key, () => evaluate(deps, policy, undefined, span)));
  },
});

/** Never by an evaluation that was made before. */
const promoteRoutes = (deps: EvaluationDeps): Record<string, RouteHandler> => ({
  'POST /admin/policies/{id}/promote': async (event) => {
    const { days } = event.scope.body as PromoteBody;
    const champion = await namedPolicy(deps.config, event);
    const { challenger } = champion;
    const policy = challenger === undefined ? undefined : await deps.config.getPolicy(challenger.policy);
    if (challenger === undefined || policy === undefined)
      throw new AppError('conflict', 'The policy has no challenger.');
    const now = deps.now();
    const evaluation = await evaluate(deps, policy, champion, { from: now - days * DAY_MS, to: now });
    const refused = refusalsOf(evaluation, challenger);
    if (refused.length > 0) {
      throw new AppError('conflict', 'What was seen does not show that the challenger is better.', {
        extensions: { refused, evaluation },
      });
    }
    const next = promoted(champion, policy, new Date(now).toISOString());
    await putVersion(deps.config, next);
    return json(200, { policy: next, evaluation }, { etag: `"${next.version}"` });
  },
});

const spanOf = ({ days, from, to }: EvaluationQuery, now: number): Span => {
  const end = to === undefined ? now : Date.parse(to);
  const start = from === undefined ? end - days * DAY_MS : Date.parse(from);
  if (start >= end) throw invalidField('/query/from', 'must be before `to`');
  return { from: start, to: end };
};

const evaluate = async (
  deps: EvaluationDeps,
  policy: Policy,
  champion: Policy | undefined,
  span: Span,
): Promise<Report> => {
  const [adapters, { observations, truncated }] = await Promise.all([
    deps.config.listAdapters(),
    // Whatever was made at the very end counts too.
    newestOf(deps.observations, { from: span.from, to: span.to + 1 }, MOST),
  ]);
  const { pause } = deps;
  return {
    from: new Date(span.from).toISOString(),
    to: new Date(span.to).toISOString(),
    truncated,
    ...(await evaluatePolicy({ policy, champion, adapters, observations, pause })),
  };
};
