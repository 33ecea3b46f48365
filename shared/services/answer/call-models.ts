/**
 * Calls the ranked models until one answers. Before anything was passed on, a fault means another try or the next
 * candidate. Where the policy hedges, a model that is slower than usual gets a rival: whoever answers first wins, the other
 * is aborted.
 */
import type { ModelEvent } from '../../model/completion.ts';
import type { ModelClient } from '../../ports/model-client.ts';
import type { Clock } from '../../ports/runtime.ts';
import type { AdapterHealth } from '../health/adapter-health.ts';
import { Answer } from './answer.ts';
import type { AskJob } from './ask-job.ts';
import { Attempt } from './attempt.ts';
import { type Candidate, Candidates } from './candidates.ts';
import { isUpstreamFault, retryDelayMs } from './faults.ts';
import { callSpan } from './span-attributes.ts';

export interface CallModelsDeps {
  client: ModelClient;
  health: AdapterHealth;
  clock: Clock;
  random: { next(): number };
}

/** Reads what has to be there before a model counts as the one that answers. */
export type Receive<Result> = (answer: Answer, events: AsyncIterator<ModelEvent>) => Promise<Result>;

export interface Limits {
  stream: boolean;
  /** The caller's own: it went away. */
  signal: AbortSignal;
  /** Aborted with the caller's, and when time is over. */
  deadline: AbortSignal;
  /** Clock.monotonic() when time is over. */
  endsAt: number;
}

export interface Answered<Result> {
  result: Result;
  attempt: Attempt;
  /** What the rival that lost had answered. */
  rival?: Answer;
}

export interface Unanswered {
  attempt: Attempt;
  error: unknown;
}

interface Running<Result> {
  attempt: Attempt;
  done: Promise<Answered<Result> | Unanswered>;
  /** Another was faster. */
  outrun(): void;
}

const TRIES_PER_CANDIDATE = 2;
/** Samples that a percentile takes to be worth going by. */
const ENOUGH_SAMPLES = 20;
/** A claimed try is over with its call; this much later nobody has it any more. */
const LEASE_MARGIN_MS = 5_000;

export const isAnswered = <Result>(end: Answered<Result> | Unanswered): end is Answered<Result> =>
  'result' in end;

export class ModelCaller {
  readonly #deps: CallModelsDeps;

  constructor(deps: CallModelsDeps) {
    this.#deps = deps;
  }

  /** Undefined where the decision named no model. */
  async call<Result>(
    job: AskJob,
    limits: Limits,
    receive: Receive<Result>,
  ): Promise<Answered<Result> | Unanswered | undefined> {
    const leaseMs = limits.endsAt - this.#deps.clock.monotonic() + LEASE_MARGIN_MS;
    const candidates = new Candidates(job, this.#deps.health, leaseMs);
    let last: Unanswered | undefined;
    for (let next = await candidates.next(); next !== undefined; next = await candidates.next()) {
      const end = await this.#try(job, next, candidates, limits, receive);
      if (isAnswered(end)) return end;
      last = end;
      if (limits.deadline.aborted || !isUpstreamFault(end.error)) break;
    }
    return last;
  }

  async #try<Result>(
    job: AskJob,
    candidate: Candidate,
    candidates: Candidates,
    limits: Limits,
    receive: Receive<Result>,
  ): Promise<Answered<Result> | Unanswered> {
    const { clock, health, random } = this.#deps;
    for (let attempt = 1; ; attempt++) {
      const end =
        attempt === 1
          ? await this.#race(job, candidate, candidates, limits, receive)
          : await this.#start(job, candidate, limits, receive).done;
      if (isAnswered(end) || limits.deadline.aborted || !isUpstreamFault(end.error)) return end;
      if (attempt === TRIES_PER_CANDIDATE || candidate.probe) return end;
      if (health.passageOf(candidate.prediction.adapter) !== 'call') return end;
      const delay = retryDelayMs(end.error, attempt, random, {
        leftMs: limits.endsAt - clock.monotonic(),
        isLast: !candidates.hasMore,
      });
      if (delay === undefined) return end;
      await clock.sleep(delay, limits.deadline).catch(() => undefined);
    }
  }

  #race<Result>(
    job: AskJob,
    candidate: Candidate,
    candidates: Candidates,
    limits: Limits,
    receive: Receive<Result>,
  ): Promise<Answered<Result> | Unanswered> {
    const afterMs = this.#hedgeAfterMs(job, candidate, limits.stream);
    return afterMs === undefined
      ? this.#start(job, candidate, limits, receive).done
      : this.#hedged(afterMs, job, candidate, candidates, limits, receive);
  }

  async #hedged<Result>(
    afterMs: number,
    job: AskJob,
    candidate: Candidate,
    candidates: Candidates,
    limits: Limits,
    receive: Receive<Result>,
  ): Promise<Answered<Result> | Unanswered> {
    const first = this.#start(job, candidate, limits, receive, new AbortController());
    const waiting = new AbortController();
    const slow = this.#deps.clock.sleep(afterMs, waiting.signal).then(
      () => undefined,
      () => undefined,
    );
    const early = await Promise.race([first.done, slow]);
    waiting.abort();
    if (early !== undefined) return early;
    const beside = limits.deadline.aborted ? undefined : candidates.beside(candidate.prediction);
    if (beside === undefined) return first.done;
    const second = this.#start(job, beside, limits, receive, new AbortController());
    const one = await Promise.race([first.done, second.done]);
    if (!isAnswered(one)) return one.attempt === first.attempt ? second.done : first.done;
    const loser = one.attempt === first.attempt ? second : first;
    loser.outrun();
    return { ...one, rival: loser.attempt.answer };
  }

  #start<Result>(
    job: AskJob,
    { prediction, probe }: Candidate,
    limits: Limits,
    receive: Receive<Result>,
    own?: AbortController,
  ): Running<Result> {
    const { client, health, clock } = this.#deps;
    const { stream, deadline } = limits;
    const answer = new Answer(job, prediction);
    const span = job.span === undefined ? undefined : callSpan(job.span, job, prediction, stream);
    const attempt = new Attempt({ answer, probe, stream, health, clock, span });
    const signal = own === undefined ? deadline : linked(own, deadline);
    let events: AsyncIterator<ModelEvent> | undefined;
    const run = async (): Promise<Answered<Result> | Unanswered> => {
      try {
        const request = { ...requestOf(job, prediction.maxTokens, stream), traceparent: span?.handedOn };
        const said = client.call(prediction.adapter, request, signal);
        events = (job.restore?.(said) ?? said)[Symbol.asyncIterator]();
        return { result: await receive(answer, events), attempt };
      } catch (error) {
        attempt.failed(error, deadline.aborted && !limits.signal.aborted);
        return { error, attempt };
      }
    };
    const outrun = (): void => {
      attempt.outrun();
      own?.abort(new DOMException('Another model was faster.', 'AbortError'));
      void events?.return?.().catch(() => undefined);
    };
    return { attempt, done: run(), outrun };
  }

  #hedgeAfterMs(job: AskJob, { prediction, probe }: Candidate, stream: boolean): number | undefined {
    const { hedge } = job.prepared.policy;
    if (hedge === undefined || probe) return undefined;
    if (hedge.after !== 'p95') return hedge.after;
    const record = this.#deps.health.recordOf(prediction.adapter);
    const usual = stream ? record.first_p95 : record.whole_p95;
    return usual !== undefined && usual.samples >= ENOUGH_SAMPLES ? usual.ms : undefined;
  }
}

const linked = (own: AbortController, parent: AbortSignal): AbortSignal => {
  if (parent.aborted) own.abort(parent.reason);
  else parent.addEventListener('abort', () => own.abort(parent.reason), { once: true });
  return own.signal;
};

const requestOf = (job: AskJob, max_tokens: number, stream: boolean) => ({
  request_id: job.requestId,
  chat: job.chat,
  max_tokens,
  bounded: job.bounded,
  task_type: job.stored.taskType,
  stream,
  documents: job.documents,
});
