/** One answer being received: its text so far, its usage, and the reply and observation that come of it. */
import { AppError } from '../../errors/app-error.ts';
import { type JsonObject, saidIn } from '../../model/chat.ts';
import type { FinishReason, ModelEvent, TokenUsage } from '../../model/completion.ts';
import type { Candidate } from '../../model/decision.ts';
import type { Observation, Outcome } from '../../model/observation.ts';
import { toNano } from '../../model/quota.ts';
import type { SettledObservation } from '../../ports/observation-store.ts';
import { estimateTokens } from '../count-tokens.ts';
import { observedFeatures } from '../features/feature-kinds.ts';
import type { KeptAnswer } from '../replies/response-cache.ts';
import { costOf, type Prediction } from '../routing/predict.ts';
import type { AskJob } from './ask-job.ts';
import { decisionRecord, stepsOf } from './decision-record.ts';

export interface AskReply {
  request_id: string;
  text: string;
  model_used: string;
  provider: string;
  tokens_in: number;
  tokens_out: number;
  tokens_estimated: boolean;
  cost_usd: number;
  savings_pct: number;
  latency_ms: number;
  selector: string;
  policy: string;
  finish_reason: string;
  candidates: Candidate[];
  /** Where the detector of personal data had no time for all of the prompt. */
  pii?: 'partial';
}

/** What learning and the evaluation of other policies need to know of the decision. */
const decisionFacts = ({ choice }: AskJob, answering: Prediction): Partial<Observation> => ({
  ...choice.learnable,
  ...observedFeatures(choice.features),
  ...(choice.featuresFallback === undefined ? {} : { features_fallback: choice.featuresFallback }),
  ...(choice.shadow.length === 0 ? {} : { shadow: choice.shadow }),
  ...(choice.sticky === true ? { sticky: true } : {}),
  ...(choice.ranked[0] === answering ? {} : { failed_over: true }),
});

const roundTo = (value: number, digits: number): number => Number(value.toFixed(digits));

/** Text, or a document of the provider's. */
export type AnswerPart = { text: string } | { document: JsonObject };

export class Answer {
  readonly prediction: Prediction;
  readonly #job: AskJob;
  #text = '';
  #isBegun = false;
  #document: JsonObject | undefined;
  /** Of an answer that is to be kept, all of them. */
  readonly #documents: JsonObject[] = [];
  #finishReason: FinishReason | undefined;
  #reported: { tokens_in: number; tokens_out: number } | undefined;
  #rival: Answer | undefined;

  constructor(job: AskJob, prediction: Prediction) {
    this.#job = job;
    this.prediction = prediction;
  }

  /** Takes the provider's next event; what there is to pass on, if anything. */
  take(event: ModelEvent): AnswerPart | undefined {
    if (event.type === 'text') {
      this.#text += event.text;
      this.#isBegun ||= event.text !== '';
      return event.text === '' ? undefined : { text: event.text };
    }
    if (event.type === 'document') {
      this.#text += saidIn(event.document);
      this.#isBegun = true;
      this.#document = event.document;
      if (this.#job.keep !== undefined) this.#documents.push(event.document);
      return { document: event.document };
    }
    this.#finishReason = event.finish_reason;
    this.#reported = event.usage;
    return undefined;
  }

  /** It was faster than this one, which was asked too and may have cost something. */
  outran(rival: Answer | undefined): void {
    this.#rival = rival;
  }

  /** Throws where the provider stopped without ending its answer. */
  assertEnded(): void {
    if (this.#finishReason === undefined) {
      throw new AppError('upstream_error', 'The model stopped in the middle of its answer.', {
        fault: 'cut',
      });
    }
  }

  /** The last document that the provider sent. */
  get document(): JsonObject | undefined {
    return this.#document;
  }

  get finishReason(): FinishReason | undefined {
    return this.#finishReason;
  }

  /** What the provider said of its use; undefined where it said nothing. */
  get reported(): { tokens_in: number; tokens_out: number } | undefined {
    return this.#reported;
  }

  get isCached(): boolean {
    return this.#job.cached !== undefined;
  }

  get usage(): TokenUsage {
    if (this.#reported !== undefined) return { ...this.#reported, estimated: false };
    const tokens_out = this.#text === '' ? 0 : estimateTokens(this.#text);
    return { tokens_in: this.#job.prepared.tokensIn, tokens_out, estimated: true };
  }

  /** For the next time that the same is asked. A filter may think otherwise then. */
  get kept(): KeptAnswer | undefined {
    if (this.#finishReason === 'content_filter') return undefined;
    const usage = this.#reported;
    return {
      model: this.prediction.adapter.id,
      events: [
        ...(this.#document === undefined && this.#text !== ''
          ? [{ type: 'text' as const, text: this.#text }]
          : []),
        ...this.#documents.map((document) => ({ type: 'document' as const, document })),
        {
          type: 'end',
          finish_reason: this.#finishReason ?? 'stop',
          ...(usage === undefined ? {} : { usage }),
        },
      ],
    };
  }

  /** What it cost, the rival that lost included as far as that reported any use. */
  get costUsd(): number {
    if (this.isCached) return 0;
    const own = this.#ownCostUsd();
    const hedge = this.#hedge();
    return hedge === undefined ? own : roundTo(own + hedge.cost_usd, 10);
  }

  reply(latencyMs: number): AskReply {
    const { adapter } = this.prediction;
    const { decision } = this.#job.choice;
    const usage = this.usage;
    return {
      request_id: this.#job.requestId,
      text: this.#text,
      model_used: adapter.id,
      provider: adapter.provider,
      tokens_in: usage.tokens_in,
      tokens_out: usage.tokens_out,
      tokens_estimated: usage.estimated,
      cost_usd: this.costUsd,
      savings_pct: this.#savingsPct(),
      latency_ms: Math.round(latencyMs),
      selector: decision.selector,
      policy: decision.policy,
      finish_reason: this.#finishReason ?? 'stop',
      candidates: decision.candidates,
      ...(this.#job.partial === true ? { pii: 'partial' as const } : {}),
    };
  }

  /** What is written down, and what replaces the hold. A call that failed before its first byte cost nothing. */
  settled(outcome: Outcome, latencyMs: number, nowMs: number): SettledObservation {
    const job = this.#job;
    const { decision } = job.choice;
    const { max_tokens: maxTokens } = job.prepared.ask;
    const failedEmpty = outcome !== 'success' && !this.#isBegun && this.#reported === undefined;
    const usedNothing = failedEmpty || this.isCached;
    const usage = usedNothing ? { tokens_in: 0, tokens_out: 0, estimated: false } : this.usage;
    const hedge = this.#hedge();
    const cost_usd = usedNothing ? (hedge?.cost_usd ?? 0) : this.costUsd;
    const eligible = decision.candidates.filter((candidate) => candidate.eligible);
    const propensities = Object.fromEntries(eligible.map(({ id, propensity }) => [id, propensity]));
    const chosen = eligible.find((candidate) => candidate.id === this.prediction.adapter.id);
    const observation: Observation = {
      id: job.observationId,
      request_id: job.requestId,
      tenant_id: job.tenantId,
      policy: decision.policy,
      policy_version: job.prepared.policy.version,
      model: this.prediction.adapter.id,
      provider: this.prediction.adapter.provider,
      prompt: job.stored.prompt,
      task_type: job.stored.taskType,
      ...(job.stored.sessionId === undefined ? {} : { session_id: job.stored.sessionId }),
      quality: job.prepared.ask.quality,
      ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
      tokens_in: usage.tokens_in,
      tokens_out: usage.tokens_out,
      tokens_estimated: usage.estimated,
      cost_usd,
      latency_ms: Math.round(latencyMs),
      selector: decision.selector,
      state_version: decision.state_version,
      propensity: chosen?.propensity ?? 0,
      propensities,
      ...decisionRecord(decision.candidates, propensities),
      ...stepsOf(job, latencyMs),
      ...(this.isCached ? { cached: true } : decisionFacts(job, this.prediction)),
      ...(hedge === undefined ? {} : { hedge }),
      ...(job.firewall === undefined ? {} : { firewall: job.firewall }),
      outcome,
      finish_reason: this.#finishReason ?? outcome,
      quality_score: null,
      created_at: new Date(nowMs).toISOString(),
    };
    return {
      observation,
      settlement: {
        id: job.observationId,
        tenant_id: job.tenantId,
        day: observation.created_at.slice(0, 10),
        tokens: usage.tokens_in + usage.tokens_out + (hedge?.tokens_in ?? 0) + (hedge?.tokens_out ?? 0),
        cost_nano: toNano(cost_usd),
        ...(job.held === undefined ? {} : { held: job.held }),
      },
    };
  }

  #ownCostUsd(): number {
    const { tokens_in, tokens_out } = this.usage;
    return roundTo(costOf(this.prediction.adapter.price, tokens_in, tokens_out), 10);
  }

  #hedge(): Observation['hedge'] {
    const rival = this.#rival;
    if (rival === undefined) return undefined;
    const model = rival.prediction.adapter.id;
    if (rival.#reported === undefined) return { model, tokens_in: 0, tokens_out: 0, cost_usd: 0 };
    return { model, ...rival.#reported, cost_usd: rival.#ownCostUsd() };
  }

  #savingsPct(): number {
    const { tokens_in, tokens_out } = this.usage;
    const dearest = Math.max(
      ...this.#job.prepared.eligible.map(({ adapter }) => costOf(adapter.price, tokens_in, tokens_out)),
    );
    return dearest > 0 ? roundTo(Math.max(0, (1 - this.costUsd / dearest) * 100), 2) : 0;
  }
}
