/** `POST /v1/chat/completions`: the provider's own reply, under the name of the model that answered. */
import type { RouteHandler } from '../../shared/middleware/chain.ts';
import { json } from '../../shared/middleware/http-response.ts';
import type { GatewayEvent } from '../../shared/middleware/scope.ts';
import type { Clock } from '../../shared/ports/runtime.ts';
import type { AnswerService, WholeAnswer } from '../../shared/services/answer/answer-prompt.ts';
import { chatFrames, usageOf } from './chat-frames.ts';
import type { ChatRequest } from './chat-schema.ts';
import { readableOf } from './event-stream.ts';
import { orSilence, withHeartbeats } from './heartbeats.ts';
import {
  hooksOf,
  modelHeaders,
  noteReply,
  type StartDeps,
  type StartedCall,
  startCall,
} from './start-call.ts';

export interface ChatDeps extends StartDeps {
  answers: AnswerService;
  clock: Clock;
}

export const chatCompletions = (deps: ChatDeps): RouteHandler => {
  const stream = async (event: GatewayEvent, { job, headers }: StartedCall) => {
    const abort = new AbortController();
    const opening = deps.answers.stream(job, abort.signal);
    const opened = await orSilence(opening, deps.clock);
    const { stream_options } = event.scope.body as ChatRequest;
    const wantsUsage = stream_options?.include_usage === true;
    const frames = chatFrames(opening, { wantsUsage, hooks: hooksOf(event) });
    const isLate = opened === undefined;
    return {
      statusCode: 200,
      headers: {
        ...headers,
        'content-type': 'text/event-stream',
        ...(isLate ? {} : modelHeaders(opened.model, opened.predictedCostUsd)),
      },
      body: readableOf(withHeartbeats(frames, deps.clock, isLate), () => abort.abort()),
    };
  };

  return async (event) => {
    const started = await startCall(deps, event);
    if ((event.scope.body as ChatRequest).stream === true) return stream(event, started);
    const answer = await deps.answers.complete(started.job, new AbortController().signal);
    noteReply(event, answer.reply);
    const { model_used, cost_usd } = answer.reply;
    return json(200, completionOf(answer), { ...started.headers, ...modelHeaders(model_used, cost_usd) });
  };
};

const completionOf = ({ document, reply }: WholeAnswer) => ({
  ...document,
  model: reply.model_used,
  usage: document.usage ?? usageOf(reply),
});
