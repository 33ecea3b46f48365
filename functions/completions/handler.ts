/** `POST /v1/ask` and `POST /v1/plan`. Limits and choice run side by side; both are known before a provider is called. */

import type { RouteHandler } from '../../shared/middleware/chain.ts';
import { json } from '../../shared/middleware/http-response.ts';
import { type GatewayEvent, principalOf } from '../../shared/middleware/scope.ts';
import type { Ask } from '../../shared/model/ask.ts';
import type { Verdict } from '../../shared/model/quota.ts';
import { rateLimitHeaders } from '../../shared/services/admission/limit-error.ts';
import type { AskReply } from '../../shared/services/answer/answer.ts';
import type { AnswerService } from '../../shared/services/answer/answer-prompt.ts';
import type { AskJob } from '../../shared/services/answer/ask-job.ts';
import type { Choice, ModelChooser } from '../../shared/services/routing/choose-model.ts';
import { stick } from '../../shared/services/routing/sticky-sessions.ts';
import { eventStream } from './event-stream.ts';
import type { AskState } from './own-middleware.ts';

export interface CompletionsDeps {
  chooser: ModelChooser;
  answers: AnswerService;
  states: WeakMap<GatewayEvent, AskState>;
}

export const makeHandlers = (deps: CompletionsDeps): Record<string, RouteHandler> => {
  const stateOf = (event: GatewayEvent): AskState => {
    const state = deps.states.get(event);
    if (state === undefined) throw new Error('the ask was not prepared');
    return state;
  };

  const choose = async (requestId: string, state: AskState): Promise<Choice> => {
    const [choice, session] = await Promise.all([
      deps.chooser.choose(requestId, state.prepared),
      state.session,
    ]);
    return stick(choice, session?.model);
  };

  const ask: RouteHandler = async (event) => {
    const { scope } = event;
    const state = stateOf(event);
    const [verdict, choice, session] = await Promise.all([
      state.admission,
      choose(scope.requestId, state),
      state.session,
    ]);
    noteChoice(event, choice);
    const job: AskJob = {
      requestId: scope.requestId,
      observationId: scope.id,
      tenantId: principalOf(event).tenant_id,
      prompt: state.prompt,
      stored: state.stored,
      prepared: state.prepared,
      choice,
      ...(verdict?.admitted === true && verdict.held !== undefined ? { held: verdict.held } : {}),
      ...(session === undefined ? {} : { answered: (model: string) => session.keep(model) }),
      settled: (outcome) => {
        if (outcome === 'dead_lettered') scope.facts.dead_lettered = true;
      },
      startedAt: scope.startedAt,
    };
    const headers = { 'x-atp-selector': choice.decision.selector, ...limitHeaders(verdict) };
    const abort = new AbortController();
    if ((scope.body as Ask).stream) {
      const answer = await deps.answers.stream(job, abort.signal);
      const hooks = {
        ended: (reply: AskReply) => noteReply(event, reply),
        failed: (error: { code: string }) => {
          scope.facts.error_code = error.code;
        },
      };
      return {
        statusCode: 200,
        headers: {
          ...headers,
          'content-type': 'text/event-stream',
          'x-atp-model': answer.model,
          'x-atp-cost-usd': String(answer.predictedCostUsd),
        },
        body: eventStream(answer, scope.requestId, hooks, () => abort.abort()),
      };
    }
    const reply = await deps.answers.answer(job, abort.signal);
    noteReply(event, reply);
    return json(200, reply, {
      ...headers,
      'x-atp-model': reply.model_used,
      'x-atp-cost-usd': String(reply.cost_usd),
    });
  };

  const plan: RouteHandler = async (event) => {
    const { scope } = event;
    const choice = await choose(scope.requestId, stateOf(event));
    noteChoice(event, choice);
    return json(
      200,
      { request_id: scope.requestId, ...choice.decision },
      { 'x-atp-selector': choice.decision.selector },
    );
  };

  return { 'POST /v1/ask': ask, 'POST /v1/plan': plan };
};

const limitHeaders = (verdict: Verdict | undefined): Record<string, string> =>
  verdict?.limit === undefined ? {} : rateLimitHeaders(verdict.limit);

const noteChoice = ({ scope }: GatewayEvent, choice: Choice): void => {
  scope.facts.selector = choice.decision.selector;
  if (choice.fallback !== undefined) scope.facts.fallback = choice.fallback;
};

const noteReply = ({ scope }: GatewayEvent, reply: AskReply): void => {
  scope.facts.model = reply.model_used;
  scope.facts.tokens = reply.tokens_in + reply.tokens_out;
  scope.facts.cost_usd = reply.cost_usd;
};
