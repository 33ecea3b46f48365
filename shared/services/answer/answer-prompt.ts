/**
 * Calls the ranked models until one answers. Before anything was passed on, a fault means another try or the next
 * candidate; afterwards it ends the answer. Whatever happens, the usage so far is settled, once.
 */
import { AppError } from '../../errors/app-error.ts';
import type { JsonObject } from '../../model/chat.ts';
import type { ModelEvent } from '../../model/completion.ts';
import type { Outcome } from '../../model/observation.ts';
import type { ModelClient } from '../../ports/model-client.ts';
import type { Clock } from '../../ports/runtime.ts';
import type { Prediction } from '../routing/predict.ts';
import { Answer, type AnswerPart, type AskReply } from './answer.ts';
import type { AskJob } from './ask-job.ts';
import { Deadline } from './deadline.ts';
import { asUpstreamError, isUpstreamFault, outcomeOf, retryDelayMs } from './faults.ts';
import type { Settler } from './settle.ts';

export interface AnswerDeps {
  client: ModelClient;
  settler: Settler;
  clock: Clock;
  random: { next(): number };
}

const MAX_CANDIDATES = 3;
const TRIES_PER_CANDIDATE = 2;
/** Milliseconds that an answer may take in all: a function has five minutes, and what came has to be written down. */
export const ANSWER_LIMIT_MS = 280_000;
const MIN_GOAL_TIMEOUT_MS = 2_000;

/** A call that takes four times the caller's latency goal is given up. */
const timeoutOf = (job: AskJob): number => {
  const goal = job.prepared.ask.latency_slo_ms;
  return goal === undefined
    ? ANSWER_LIMIT_MS
    : Math.min(ANSWER_LIMIT_MS, Math.max(MIN_GOAL_TIMEOUT_MS, goal * 4));
};

type Receive<Result> = (answer: Answer, events: AsyncIterator<ModelEvent>) => Promise<Result>;

export interface StreamedAnswer {
  model: string;
  /** Predicted, since a stream's headers leave before its cost is known. */
  predictedCostUsd: number;
  /** What the model says, then the reply; throws AppError when the answer broke off. */
  parts: AsyncGenerator<StreamPart, void, undefined>;
}

export type StreamPart = AnswerPart | { reply: AskReply };

export interface WholeAnswer {
  reply: AskReply;
  /** The provider's own, where the job wants documents. */
  document: JsonObject;
}

export class AnswerService {
  readonly #deps: AnswerDeps;

  constructor(deps: AnswerDeps) {
    this.#deps = deps;
  }

  /** The whole answer; resolves when its observation is durable. */
  async answer(job: AskJob, signal: AbortSignal): Promise<AskReply> {
    return (await this.#whole(job, signal)).reply;
  }

  /** The same for a job that wants documents. */
  async complete(job: AskJob, signal: AbortSignal): Promise<WholeAnswer> {
    const { reply, document } = await this.#whole(job, signal);
    if (document === undefined) throw new AppError('internal', 'The model gave no document.');
    return { reply, document };
  }

  async #whole(
    job: AskJob,
    signal: AbortSignal,
  ): Promise<{ reply: AskReply; document?: JsonObject | undefined }> {
    const deadline = new Deadline(signal, timeoutOf(job));
    try {
      const answer = await this.#call(job, signal, deadline.signal, false, async (received, events) => {
        for (let next = await events.next(); next.done !== true; next = await events.next())
          received.take(next.value);
        received.assertEnded();
        return received;
      });
      return { reply: await this.#succeed(job, answer), document: answer.document };
    } finally {
      deadline.end();
    }
  }

  /** Resolves at the first event, so that a fault before it can still be answered by the next model. */
  async stream(job: AskJob, signal: AbortSignal): Promise<StreamedAnswer> {
    const deadline = new Deadline(signal, timeoutOf(job));
    try {
      const opened = await this.#call(job, signal, deadline.signal, true, async (answer, events) => {
        const first = await events.next();
        if (first.done === true) answer.assertEnded();
        return { answer, events, first };
      });
      return {
        model: opened.answer.prediction.adapter.id,
        predictedCostUsd: opened.answer.prediction.costUsd,
        parts: this.#parts(job, opened.answer, opened.events, opened.first, deadline),
      };
    } catch (error) {
      deadline.end();
      throw error;
    }
  }

  async *#parts(
    job: AskJob,
    answer: Answer,
    events: AsyncIterator<ModelEvent>,
    first: IteratorResult<ModelEvent>,
    deadline: Deadline,
  ): AsyncGenerator<StreamPart, void, undefined> {
    let ended: Outcome = 'aborted';
    try {
      for (let next = first; next.done !== true; next = await events.next()) {
        const part = answer.take(next.value);
        if (part !== undefined) yield part;
      }
      answer.assertEnded();
      ended = 'success';
    } catch (error) {
      ended = outcomeOf(error, true);
      throw asUpstreamError(error);
    } finally {
      deadline.end();
      // Reached with `aborted` when the reader went away in the middle.
      if (ended !== 'success') {
        await events.return?.();
        await this.#settle(job, answer, ended);
      }
    }
    yield { reply: await this.#succeed(job, answer) };
  }

  async #call<Result>(
    job: AskJob,
    signal: AbortSignal,
    deadline: AbortSignal,
    stream: boolean,
    receive: Receive<Result>,
  ): Promise<Result> {
    const candidates = job.choice.ranked.slice(0, MAX_CANDIDATES);
    let failed: { answer: Answer; error: unknown } | undefined;
    for (const prediction of candidates) {
      for (let attempt = 1; attempt <= TRIES_PER_CANDIDATE; attempt++) {
        const answer = new Answer(job, prediction);
        try {
          return await receive(answer, this.#events(job, prediction, stream, deadline));
        } catch (error) {
          failed = { answer, error };
          if (signal.aborted || deadline.aborted || !isUpstreamFault(error)) break;
          const delay = retryDelayMs(error, attempt, this.#deps.random);
          if (delay === undefined || attempt === TRIES_PER_CANDIDATE) break;
          await this.#deps.clock.sleep(delay, deadline).catch(() => undefined);
        }
      }
      if (failed !== undefined && (deadline.aborted || !isUpstreamFault(failed.error))) break;
    }
    if (failed === undefined) throw new AppError('internal', 'The decision named no model.');
    await this.#settle(job, failed.answer, signal.aborted ? 'aborted' : outcomeOf(failed.error, false));
    throw asUpstreamError(failed.error);
  }

  #events(
    job: AskJob,
    prediction: Prediction,
    stream: boolean,
    signal: AbortSignal,
  ): AsyncIterator<ModelEvent> {
    const request = {
      request_id: job.requestId,
      chat: job.chat,
      max_tokens: prediction.maxTokens,
      bounded: job.bounded,
      task_type: job.stored.taskType,
      stream,
      documents: job.documents,
    };
    const events = this.#deps.client.call(prediction.adapter, request, signal);
    return (job.restore?.(events) ?? events)[Symbol.asyncIterator]();
  }

  async #succeed(job: AskJob, answer: Answer): Promise<AskReply> {
    const latencyMs = await this.#settle(job, answer, 'success');
    return answer.reply(latencyMs);
  }

  /** Milliseconds the answer took. */
  async #settle(job: AskJob, answer: Answer, outcome: Outcome): Promise<number> {
    const latencyMs = this.#deps.clock.monotonic() - job.startedAt;
    const settled = answer.settled(outcome, latencyMs, this.#deps.clock.now());
    const [whereTo] = await Promise.all([
      this.#deps.settler.settle(settled),
      outcome === 'success' ? job.answered?.(answer.prediction.adapter.id) : undefined,
    ]);
    job.settled?.(whereTo);
    return latencyMs;
  }
}
