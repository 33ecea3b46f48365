/**
 * Answers a job by the models that its decision ranked, whole or in parts. Whatever happens, the usage so far is settled,
 * once, and what was learnt of the models' health is written beside it.
 */
import { AppError } from '../../errors/app-error.ts';
import type { JsonObject } from '../../model/chat.ts';
import type { ModelEvent } from '../../model/completion.ts';
import type { Outcome } from '../../model/observation.ts';
import type { ModelClient } from '../../ports/model-client.ts';
import type { Clock } from '../../ports/runtime.ts';
import type { AdapterHealth } from '../health/adapter-health.ts';
import { traced } from '../traced.ts';
import { Answer, type AnswerPart, type AskReply } from './answer.ts';
import type { AskJob } from './ask-job.ts';
import { type Answered, isAnswered, type Limits, ModelCaller, type Receive } from './call-models.ts';
import { Deadline } from './deadline.ts';
import { asUpstreamError, outcomeOf } from './faults.ts';
import type { Settler } from './settle.ts';

export interface AnswerDeps {
  client: ModelClient;
  settler: Settler;
  health: AdapterHealth;
  clock: Clock;
  random: { next(): number };
}

/** Milliseconds that an answer may take in all: a function has five minutes, and what came has to be written down. */
export const ANSWER_LIMIT_MS = 280_000;
const MIN_GOAL_TIMEOUT_MS = 2_000;

/** A call that takes four times the caller's latency goal, or longer than the policy allows, is given up. */
const timeoutOf = ({ prepared: { ask, policy } }: AskJob): number => {
  const goal = ask.latency_slo_ms;
  return Math.min(
    ANSWER_LIMIT_MS,
    policy.deadline_ms ?? ANSWER_LIMIT_MS,
    goal === undefined ? ANSWER_LIMIT_MS : Math.max(MIN_GOAL_TIMEOUT_MS, goal * 4),
  );
};

interface Begun {
  events: AsyncIterator<ModelEvent>;
  first: IteratorResult<ModelEvent>;
}

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

interface RecalledAnswer {
  answer: Answer;
  parts: AnswerPart[];
}

/** Of a job that needs no model. */
const recall = (job: AskJob): RecalledAnswer | undefined => {
  if (job.cached === undefined) return undefined;
  const answer = new Answer(job, job.cached.prediction);
  const parts = job.cached.answer.events.map((event) => answer.take(event));
  return { answer, parts: parts.filter((part) => part !== undefined) };
};

export class AnswerService {
  readonly #deps: AnswerDeps;
  readonly #caller: ModelCaller;

  constructor(deps: AnswerDeps) {
    this.#deps = deps;
    this.#caller = new ModelCaller(deps);
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
    const recalled = recall(job);
    if (recalled !== undefined) {
      const { answer } = recalled;
      return { reply: await this.#succeed(job, answer), document: answer.document };
    }
    const timeoutMs = timeoutOf(job);
    const deadline = new Deadline(signal, timeoutMs);
    try {
      const limits = this.#limits(false, signal, deadline, timeoutMs);
      const { attempt, rival } = await this.#call(job, limits, async (answer, events) => {
        for (let next = await events.next(); next.done !== true; next = await events.next())
          answer.take(next.value);
        answer.assertEnded();
      });
      attempt.succeeded();
      const { answer } = attempt;
      answer.outran(rival);
      return { reply: await this.#succeed(job, answer), document: answer.document };
    } finally {
      deadline.end();
    }
  }

  /** Resolves at the first event, so that a fault before it can still be answered by the next model. */
  async stream(job: AskJob, signal: AbortSignal): Promise<StreamedAnswer> {
    const recalled = recall(job);
    if (recalled !== undefined) {
      const model = recalled.answer.prediction.adapter.id;
      return { model, predictedCostUsd: 0, parts: this.#recalledParts(job, recalled) };
    }
    const timeoutMs = timeoutOf(job);
    const deadline = new Deadline(signal, timeoutMs);
    try {
      const limits = this.#limits(true, signal, deadline, timeoutMs);
      const opened = await this.#call(job, limits, async (answer, events) => {
        const first = await events.next();
        if (first.done === true) answer.assertEnded();
        return { events, first };
      });
      opened.attempt.begun();
      const { adapter, costUsd } = opened.attempt.answer.prediction;
      return {
        model: adapter.id,
        predictedCostUsd: costUsd,
        parts: this.#parts(job, opened, deadline, signal),
      };
    } catch (error) {
      deadline.end();
      throw error;
    }
  }

  /** What happened is written down first, so that a reader who leaves leaves nothing open. */
  async *#recalledParts(
    job: AskJob,
    { answer, parts }: RecalledAnswer,
  ): AsyncGenerator<StreamPart, void, undefined> {
    const reply = await this.#succeed(job, answer);
    yield* parts;
    yield { reply };
  }

  async *#parts(
    job: AskJob,
    { attempt, result: { events, first }, rival }: Answered<Begun>,
    deadline: Deadline,
    signal: AbortSignal,
  ): AsyncGenerator<StreamPart, void, undefined> {
    const { answer } = attempt;
    let ended: Outcome = 'aborted';
    try {
      for (let next = first; next.done !== true; next = await events.next()) {
        const part = answer.take(next.value);
        if (part !== undefined) yield part;
      }
      answer.assertEnded();
      ended = 'success';
      attempt.succeeded();
    } catch (error) {
      ended = outcomeOf(error, true);
      attempt.failed(error, deadline.signal.aborted && !signal.aborted);
      throw asUpstreamError(error);
    } finally {
      deadline.end();
      answer.outran(rival);
      // Reached with `aborted` when the reader went away in the middle.
      if (ended !== 'success') {
        attempt.abandoned();
        await events.return?.();
        await this.#settle(job, answer, ended);
      }
    }
    yield { reply: await this.#succeed(job, answer) };
  }

  #limits(stream: boolean, signal: AbortSignal, deadline: Deadline, timeoutMs: number): Limits {
    const endsAt = this.#deps.clock.monotonic() + timeoutMs;
    return { stream, signal, deadline: deadline.signal, endsAt };
  }

  async #call<Result>(job: AskJob, limits: Limits, receive: Receive<Result>): Promise<Answered<Result>> {
    const end = await this.#caller.call(job, limits, receive);
    if (end === undefined) throw new AppError('internal', 'The decision named no model.');
    if (isAnswered(end)) return end;
    const { attempt, error } = end;
    await this.#settle(job, attempt.answer, limits.signal.aborted ? 'aborted' : outcomeOf(error, false));
    throw asUpstreamError(error);
  }

  async #succeed(job: AskJob, answer: Answer): Promise<AskReply> {
    const latencyMs = await this.#settle(job, answer, 'success');
    return answer.reply(latencyMs);
  }

  /** Milliseconds the answer took. */
  async #settle(job: AskJob, answer: Answer, outcome: Outcome): Promise<number> {
    const latencyMs = this.#deps.clock.monotonic() - job.startedAt;
    const settled = answer.settled(outcome, latencyMs, this.#deps.clock.now());
    const isNew = outcome === 'success' && !answer.isCached;
    const kept = isNew && job.keep !== undefined ? answer.kept : undefined;
    const settling = traced(job.span, 'settle', (span) => {
      span?.set({ 'atp.outcome': outcome, 'atp.cost_usd': settled.observation.cost_usd });
      return this.#deps.settler.settle(settled, job.settled);
    });
    const beside = [
      isNew ? job.answered?.(answer.prediction.adapter.id) : undefined,
      this.#deps.health.flush(),
      kept === undefined ? undefined : job.keep?.(kept),
    ].filter((one) => one !== undefined);
    await (beside.length === 0 ? settling : Promise.all([settling, ...beside]));
    return latencyMs;
  }
}
