/** From a prepared request to a job for a model. Limits and choice run side by side; both are known before a provider is called. */
import { type GatewayEvent, principalOf } from '../../shared/middleware/scope.ts';
import type { Verdict } from '../../shared/model/quota.ts';
import { rateLimitHeaders } from '../../shared/services/admission/limit-error.ts';
import type { AskReply } from '../../shared/services/answer/answer.ts';
import type { AskJob } from '../../shared/services/answer/ask-job.ts';
import type { Choice, ModelChooser } from '../../shared/services/routing/choose-model.ts';
import type { StreamHooks } from './event-stream.ts';
import type { CallState } from './own-middleware.ts';

export interface StartDeps {
  chooser: ModelChooser;
  states: WeakMap<GatewayEvent, CallState>;
}

export interface StartedCall {
  job: AskJob;
  /** What is known of the reply before the model answers. */
  headers: Record<string, string>;
}

export const stateOf = ({ states }: StartDeps, event: GatewayEvent): CallState => {
  const state = states.get(event);
  if (state === undefined) throw new Error('the request was not prepared');
  return state;
};

export const startCall = async (deps: StartDeps, event: GatewayEvent): Promise<StartedCall> => {
  const { scope } = event;
  const { admission, ...state } = stateOf(deps, event);
  const [verdict, choice] = await Promise.all([
    admission,
    deps.chooser.choose(scope.requestId, state.prepared),
  ]);
  noteChoice(event, choice);
  const job: AskJob = {
    ...state,
    requestId: scope.requestId,
    observationId: scope.id,
    tenantId: principalOf(event).tenant_id,
    choice,
    ...(verdict?.admitted === true && verdict.held !== undefined ? { held: verdict.held } : {}),
    settled: (outcome) => {
      if (outcome === 'dead_lettered') scope.facts.dead_lettered = true;
    },
    startedAt: scope.startedAt,
  };
  return { job, headers: { 'x-atp-selector': choice.decision.selector, ...limitHeaders(verdict) } };
};

const limitHeaders = (verdict: Verdict | undefined): Record<string, string> =>
  verdict?.limit === undefined ? {} : rateLimitHeaders(verdict.limit);

export const noteChoice = ({ scope }: GatewayEvent, choice: Choice): void => {
  scope.facts.selector = choice.decision.selector;
  if (choice.fallback !== undefined) scope.facts.fallback = choice.fallback;
};

export const noteReply = ({ scope }: GatewayEvent, reply: AskReply): void => {
  scope.facts.model = reply.model_used;
  scope.facts.tokens = reply.tokens_in + reply.tokens_out;
  scope.facts.cost_usd = reply.cost_usd;
};

export const hooksOf = (event: GatewayEvent): StreamHooks => ({
  ended: (reply) => noteReply(event, reply),
  failed: (error) => {
    event.scope.facts.error_code = error.code;
  },
});

export const modelHeaders = (model: string, costUsd: number): Record<string, string> => ({
  'x-atp-model': model,
  'x-atp-cost-usd': String(costUsd),
});
