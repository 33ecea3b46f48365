/** `POST /v1/ask`, `POST /v1/plan` and the vendors' routes. */
import type { RouteHandler } from '../../shared/middleware/chain.ts';
import { json } from '../../shared/middleware/http-response.ts';
import { readerOf } from '../../shared/middleware/scope.ts';
import type { Ask } from '../../shared/model/ask.ts';
import type { AnswerService } from '../../shared/services/answer/answer-prompt.ts';
import type { PreviewDeps } from '../../shared/services/redact/preview.ts';
import { anthropic } from './anthropic/dialect.ts';
import { embeddings } from './embeddings/dialect.ts';
import { eventStream } from './event-stream.ts';
import { openAi } from './openai/dialect.ts';
import { previewRoute } from './preview.ts';
import { responses } from './responses/dialect.ts';
import {
  hooksOf,
  modelHeaders,
  noteChoice,
  noteReply,
  piiHeaders,
  startCall,
  stateOf,
} from './start-call.ts';
import { type VendorDeps, vendorRoute } from './vendor-route.ts';

const EVENT_STREAM = { 'content-type': 'text/event-stream' };

export interface CompletionsDeps extends VendorDeps, PreviewDeps {
  /** Answers with vectors. */
  embeddings: AnswerService;
}

export const makeHandlers = (deps: CompletionsDeps): Record<string, RouteHandler> => {
  const ask: RouteHandler = async (event) => {
    const { job, headers } = await startCall(deps, event);
    const reader = readerOf(event);
    if ((event.scope.body as Ask).stream) {
      const answer = await deps.answers.stream(job, reader.signal);
      return {
        statusCode: 200,
        headers: { ...headers, ...EVENT_STREAM, ...modelHeaders(answer.model, answer.predictedCostUsd) },
        body: eventStream(answer, event.scope.requestId, hooksOf(event), () => reader.abort()),
      };
    }
    const reply = await deps.answers.answer(job, reader.signal);
    noteReply(event, reply);
    return json(200, reply, { ...headers, ...modelHeaders(reply.model_used, reply.cost_usd) });
  };

  const plan: RouteHandler = async (event) => {
    const state = stateOf(event);
    const choice = await deps.calls.choose(event.scope.requestId, state, event.scope.span);
    noteChoice(event, choice);
    return json(
      200,
      { request_id: event.scope.requestId, ...choice.decision },
      { 'x-atp-selector': choice.decision.selector, ...piiHeaders(state) },
    );
  };

  return {
    'POST /v1/ask': ask,
    'POST /v1/plan': plan,
    'POST /v1/chat/completions': vendorRoute(deps, openAi),
    'POST /v1/responses': vendorRoute(deps, responses),
    'POST /v1/embeddings': vendorRoute({ ...deps, answers: deps.embeddings }, embeddings),
    'POST /v1/messages': vendorRoute(deps, anthropic),
    'POST /admin/privacy/preview': previewRoute(deps),
  };
};
