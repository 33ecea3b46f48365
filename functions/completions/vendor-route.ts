/** A route in a vendor's language: a job for documents, and its answer told as the vendor tells it. */
import type { RouteHandler } from '../../shared/middleware/chain.ts';
import { json } from '../../shared/middleware/http-response.ts';
import { type GatewayEvent, readerOf } from '../../shared/middleware/scope.ts';
import type { Clock } from '../../shared/ports/runtime.ts';
import type {
  AnswerService,
  StreamedAnswer,
  WholeAnswer,
} from '../../shared/services/answer/answer-prompt.ts';
import type { AskJob } from '../../shared/services/answer/ask-job.ts';
import type { StreamHooks } from './event-stream.ts';
import { FrameStream } from './frame-stream.ts';
import { Silence, withHeartbeats } from './heartbeats.ts';
import {
  hooksOf,
  modelHeaders,
  noteReply,
  type StartDeps,
  type StartedCall,
  startCall,
} from './start-call.ts';

/** What was asked for, and when. */
export interface VendorRequest {
  /** The caller's, as parsed. */
  body: unknown;
  /** Seconds since the epoch. */
  createdAt: number;
}

/** What a stream's frames are made of. */
export interface FrameSource extends VendorRequest {
  opening: Promise<StreamedAnswer>;
  job: AskJob;
  hooks: StreamHooks;
}

/** How a vendor tells an answer. */
export interface Dialect {
  whole(answer: WholeAnswer, request: VendorRequest): unknown;
  /** None where there is no answer in parts. */
  frames?(source: FrameSource): AsyncGenerator<string, void, undefined>;
}

export interface VendorDeps extends StartDeps {
  answers: AnswerService;
  clock: Clock;
}

export const vendorRoute = (deps: VendorDeps, dialect: Dialect): RouteHandler => {
  const requestOf = ({ scope }: GatewayEvent): VendorRequest => ({
    body: scope.body,
    createdAt: Math.floor(deps.clock.now() / 1_000),
  });

  const stream = async (
    event: GatewayEvent,
    { job, headers }: StartedCall,
    framesOf: NonNullable<Dialect['frames']>,
  ) => {
    const reader = readerOf(event);
    const opening = deps.answers.stream(job, reader.signal);
    const silence = new Silence(deps.clock);
    const opened = await silence.or(opening).catch((error: unknown) => {
      silence.end();
      throw error;
    });
    const frames = framesOf({ ...requestOf(event), opening, job, hooks: hooksOf(event) });
    const isLate = opened === undefined;
    return {
      statusCode: 200,
      headers: {
        ...headers,
        'content-type': 'text/event-stream',
        ...(isLate ? {} : modelHeaders(opened.model, opened.predictedCostUsd)),
      },
      body: new FrameStream(withHeartbeats(frames, silence, isLate), () => reader.abort()),
    };
  };

  return async (event) => {
    const started = await startCall(deps, event);
    const { stream: streamed } = event.scope.body as { stream?: unknown };
    if (streamed === true && dialect.frames !== undefined) return stream(event, started, dialect.frames);
    const answer = await deps.answers.complete(started.job, readerOf(event).signal);
    noteReply(event, answer.reply);
    const { model_used, cost_usd } = answer.reply;
    return json(200, dialect.whole(answer, requestOf(event)), {
      ...started.headers,
      ...modelHeaders(model_used, cost_usd),
    });
  };
};
