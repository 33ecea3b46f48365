/** From a prepared request to a job for a model, and what is told of it in headers and the log. */
import { type GatewayEvent, principalOf } from '../../shared/middleware/scope.ts';
import type { Verdict } from '../../shared/model/quota.ts';
import { rateLimitHeaders } from '../../shared/services/admission/limit-error.ts';
import type { AskReply } from '../../shared/services/answer/answer.ts';
import type { AskJob } from '../../shared/services/answer/ask-job.ts';
import * as facts from '../../shared/services/answer/call-service.ts';
import type { Choice } from '../../shared/services/routing/choose-model.ts';
import type { StreamHooks } from './event-stream.ts';
import type { CallEvent, CallState } from './own-middleware.ts';

export interface StartDeps {
  calls: facts.CallService;
}

export interface StartedCall {
  job: AskJob;
  /** What is known of the reply before the model answers. */
  headers: Record<string, string>;
}

export const stateOf = ({ call }: CallEvent): CallState => {
  if (call === undefined) throw new Error('the request was not prepared');
  return call;
};

export const startCall = async (deps: StartDeps, event: GatewayEvent): Promise<StartedCall> => {
  const { admission, ...state } = stateOf(event);
  const tenantId = principalOf(event).tenant_id;
  const { job, verdict } = await deps.calls.start(state, admission, { ...event.scope, tenantId });
  const headers = {
    'x-atp-selector': job.choice.decision.selector,
    ...(job.cache === undefined ? {} : { 'x-atp-cache': job.cache }),
    ...piiHeaders(state),
    ...limitHeaders(verdict),
  };
  return { job, headers };
};

/** Says where the detector of personal data had no time for all of it. */
export const piiHeaders = ({ partial }: Pick<CallState, 'partial'>): Record<string, string> =>
  partial ? { 'x-atp-pii': 'partial' } : {};

const limitHeaders = (verdict: Verdict | undefined): Record<string, string> => {
  const [tightest] = verdict?.limits ?? [];
  return tightest === undefined ? {} : rateLimitHeaders(tightest, verdict?.limits ?? []);
};

export const noteChoice = ({ scope }: GatewayEvent, choice: Choice): void =>
  facts.noteChoice(scope.facts, choice);

export const noteReply = ({ scope }: GatewayEvent, reply: AskReply): void =>
  facts.noteReply(scope.facts, reply);

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
