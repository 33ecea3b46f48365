/** What a policy would have earned on the traffic of others, and the promotion of challengers, which goes by it. */
import { AppError, invalidField } from '../../../shared/errors/app-error.ts';
import type { RouteHandler } from '../../../shared/middleware/chain.ts';
import { json } from '../../../shared/middleware/http-response.ts';
import { parseWith } from '../../../shared/middleware/parse-body.ts';
import type { Observation } from '../../../shared/model/observation.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import type { ConfigStore } from '../../../shared/ports/config-store.ts';
import type { ObservationStore } from '../../../shared/ports/observation-store.ts';
import { type Evaluation, evaluatePolicy } from '../../../shared/services/evaluation/evaluate-policy.ts';
import { promoted, refusalsOf } from '../../../shared/services/evaluation/promotion.ts';
import { type EvaluationQuery, evaluationQuery, type PromoteBody } from '../policy-schema.ts';
import { namedPolicy, putVersion } from './policies.ts';

export interface EvaluationDeps {
  config: ConfigStore;
  observations: Pick<ObservationStore, 'list'>;
  now: () => number;
  /** Lets other requests go on. */
  pause: () => Promise<void>;
}

const DAY_MS = 86_400_000;
const PAGE = 500;
/** More would take longer than API Gateway waits. */
const MOST = 10_000;

/** Milliseconds since the epoch. */
interface Span {
  from: number;
  to: number;
}

/** `truncated`: there was more of the span than is read at once, and the newest was. */
type Report = Evaluation & { from: string; to: string; truncated: boolean };

export const evaluationRoutes = (deps: EvaluationDeps): Record<string, RouteHandler> => ({
  'GET /admin/policies/{id}/evaluation': async (event) => {
    const query = parseWith(evaluationQuery, event.queryStringParameters ?? {}, ['query']);
    const policy = await namedPolicy(deps.config, event);
    return json(200, await evaluate(deps, policy, undefined, spanOf(query, deps.now())));
  },
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
    observationsOf(deps.observations, span),
  ]);
  const { pause } = deps;
  return {
    from: new Date(span.from).toISOString(),
    to: new Date(span.to).toISOString(),
    truncated,
    ...(await evaluatePolicy({ policy, champion, adapters, observations, pause })),
  };
};

const observationsOf = async (
  store: EvaluationDeps['observations'],
  { from, to }: Span,
): Promise<{ observations: Observation[]; truncated: boolean }> => {
  const observations: Observation[] = [];
  let cursor: string | undefined;
  for (let read = 0; read < MOST; read += PAGE) {
    const page = await store.list({ limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    for (const observation of page.items) {
      const at = Date.parse(observation.created_at);
      if (at >= from && at <= to) observations.push(observation);
    }
    cursor = page.cursor;
    const oldest = page.items.at(-1);
    const isPast = oldest !== undefined && Date.parse(oldest.created_at) < from;
    if (cursor === undefined || isPast) return { observations, truncated: false };
  }
  return { observations, truncated: true };
};
