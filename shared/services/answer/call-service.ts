/**
 * What comes before a model is called, the same for every way in: redact, prepare, admit, choose. Limits and choice run side
 * by side; both are known before a provider is called.
 */
import { invalidField } from '../../errors/app-error.ts';
import { type Ask, GENERAL_TASK, type RoutingWish } from '../../model/ask.ts';
import { type ChatBody, chatOf } from '../../model/chat.ts';
import type { FirewallRecord } from '../../model/firewall.ts';
import type { AdmissionRequest, Verdict } from '../../model/quota.ts';
import type { Principal } from '../../model/tenant.ts';
import type { Span } from '../../ports/tracing.ts';
import { toLimitError } from '../admission/limit-error.ts';
import { estimateChatTokens } from '../count-tokens.ts';
import type { FirewallFacts, PromptGuard } from '../guard/prompt-guard.ts';
import type { PersonalData, PiiFacts } from '../redact/personal-data.ts';
import type { Restore } from '../redact/restore-events.ts';
import type { CachedRequest, CacheStatus, Recalled } from '../replies/response-cache.ts';
import { AUTO, type Choice, type ModelChooser } from '../routing/choose-model.ts';
import type { PreparedRequest } from '../routing/prepared-request.ts';
import { type Session, stick } from '../routing/sticky-sessions.ts';
import { traced } from '../traced.ts';
import type { AskReply } from './answer.ts';
import { ANSWER_LIMIT_MS } from './answer-prompt.ts';
import type { AskJob } from './ask-job.ts';
import { cachingOf, type LookUp, lookUpFor } from './caching.ts';
import { choiceAttributes } from './span-attributes.ts';
import { stopwatch } from './stopwatch.ts';

/** A request in the one form that routing, redaction and the models take. */
export interface ModelCall {
  /** `auto`, a policy's name or a model's id. */
  target: string;
  wish: RoutingWish;
  chat: ChatBody;
  /** Does the caller want the provider's own documents, or text? */
  documents: boolean;
  /** Are documents wanted in pieces? */
  streams?: boolean;
  /** Whether the provider must be told of a bound on its answer that the chat does not name itself. */
  bounded: boolean;
  taskType?: string | undefined;
  sessionId?: string | undefined;
}

export interface PreparedCall {
  /** As the provider may see it. */
  chat: ChatBody;
  documents: boolean;
  bounded: boolean;
  stored: { prompt: string; taskType: string; sessionId?: string };
  /** Puts back into the answer what the provider did not see. */
  restore?: Restore;
  /** Had the detector of personal data no time for all of it? */
  partial: boolean;
  /** What the prompt firewall found and let pass. */
  firewall?: FirewallRecord;
  prepared: PreparedRequest;
  /** Being recalled while the model is chosen; absent where there is none to keep. */
  session?: Promise<Session>;
  /** Looks whether the same was answered before; absent where the policy keeps no answers. Never rejects. */
  cache?: 'bypass' | LookUp;
}

/** Whom limits count for. */
export type Caller = Pick<Principal, 'tenant_id' | 'limits'>;

/** What the log line gets to know. */
export interface CallFacts extends PiiFacts, FirewallFacts {
  selector?: string;
  fallback?: string;
  features_fallback?: string;
  selector_ms?: number;
  model?: string;
  tokens?: number;
  tokens_in?: number;
  tokens_out?: number;
  cost_usd?: number;
  cache?: CacheStatus;
  dead_lettered?: boolean;
}

/** Who calls, and since when. */
export interface CallIdentity {
  requestId: string;
  /** UUIDv7; the observation's key and the hold's. */
  id: string;
  tenantId: string;
  /** Clock.monotonic(). */
  startedAt: number;
  facts: CallFacts;
  /** Where it is traced. */
  span?: Span | undefined;
}

export interface StartedCall {
  job: AskJob;
  /** None where nothing is charged. */
  verdict: Verdict | undefined;
}

export interface CallServiceDeps {
  chooser: ModelChooser;
  guard: Pick<PromptGuard, 'check'>;
  personalData: Pick<PersonalData, 'treat'>;
  admit: (request: AdmissionRequest) => Promise<Verdict>;
  /** A request that was let in by a lease has been booked. */
  release: (tenantId: string, id: string) => void;
  /** One whose observation waits as a dead letter will be booked by a replay, within `forMs` or not at all. */
  bookedLate: (tenantId: string, id: string, forMs: number) => void;
  /** Never rejects. */
  recall: (tenantId: string, sessionId: string) => Promise<Session>;
  /** Never rejects. */
  lookUp: (request: CachedRequest) => Promise<Recalled>;
  now: () => number;
  /** Clock.monotonic() */
  monotonic: () => number;
}

/** Longer than any answer may take, so that only a lost process leaves a hold to expire. */
const HOLD_MS = ANSWER_LIMIT_MS + 40_000;

export const callOf = (ask: Ask): ModelCall => ({
  target: AUTO,
  wish: ask,
  chat: chatOf(ask.prompt),
  documents: false,
  bounded: true,
  taskType: ask.task_type,
  sessionId: ask.session_id,
});

export const noteChoice = (facts: CallFacts, choice: Choice): void => {
  facts.selector = choice.decision.selector;
  facts.selector_ms = Math.round(choice.selectorMs * 100) / 100;
  if (choice.fallback !== undefined) facts.fallback = choice.fallback;
  if (choice.featuresFallback !== undefined) facts.features_fallback = choice.featuresFallback;
};

export const noteReply = (facts: CallFacts, reply: AskReply): void => {
  facts.model = reply.model_used;
  facts.tokens = reply.tokens_in + reply.tokens_out;
  facts.tokens_in = reply.tokens_in;
  facts.tokens_out = reply.tokens_out;
  facts.cost_usd = reply.cost_usd;
};

/** Until it is awaited its rejection must not count as unhandled. */
const awaitedLater = <Value>(promise: Promise<Value>): Promise<Value> => {
  promise.catch(() => undefined);
  return promise;
};

export class CallService {
  readonly #deps: CallServiceDeps;

  constructor(deps: CallServiceDeps) {
    this.#deps = deps;
  }

  /** Throws `blocked` where the policy lets the prompt, or personal data, not through, and what the chooser throws. */
  async prepare(call: ModelCall, tenantId: string, facts: CallFacts): Promise<PreparedCall> {
    const { chooser, guard, personalData, recall } = this.#deps;
    const { chat, documents, bounded, taskType, sessionId } = call;
    const target = await chooser.target(call.target, tenantId);
    if (call.wish.embeds === true && target.only === undefined)
      throw invalidField('/model', 'must be the id of a model: vectors of different models do not compare');
    const { policy, flags } = target;
    const { detector } = flags.pii;
    const { firewall, masked } = guard.check(chat, policy.firewall, facts);
    const data = { chat, taskType, sessionId, tenantId, policy, detector, facts };
    const { sent, redacted, restore, partial, ...treated } = await personalData.treat(data);
    // Credentials may pass by the policy's leave; written down they are not.
    const { stored } =
      masked === undefined ? treated : await personalData.treat({ ...data, chat: masked, facts: {} });
    const cache = lookUpFor(call, redacted, { policy, tenantId }, this.#deps.lookUp);
    return {
      chat: sent,
      documents,
      bounded,
      stored: { ...stored, taskType: stored.taskType ?? GENERAL_TASK },
      ...(restore === undefined ? {} : { restore }),
      partial,
      ...(firewall === undefined ? {} : { firewall }),
      ...(cache === undefined ? {} : { cache }),
      ...(sessionId === undefined || !policy.sticky_sessions ? {} : { session: recall(tenantId, sessionId) }),
      prepared: await chooser.prepare(call.wish, estimateChatTokens(chat), target, {
        prompt: redacted.prompt,
        task_type: redacted.taskType,
        max_tokens: call.wish.max_tokens,
        turns: chat.messages.length - 1,
        tools: Array.isArray(chat.tools) ? chat.tools.length : 0,
      }),
    };
  }

  /** Rejects with 429 or 402 where a limit stands against it. Whoever gets the promise may await it later. */
  admit({ prepared }: PreparedCall, id: string, caller: Caller, span?: Span): Promise<Verdict> {
    const { tenant_id, limits } = caller;
    const { eligible, tokensIn, policy } = prepared;
    // Two models may answer where the policy hedges.
    const asked = policy.hedge === undefined ? 1 : 2;
    const request: AdmissionRequest = {
      id,
      tenant_id,
      ...(limits === undefined ? {} : { key: limits }),
      tokens: asked * (tokensIn + Math.max(...eligible.map((prediction) => prediction.expectedTokens))),
      cost_usd: asked * Math.max(...eligible.map((prediction) => prediction.costUsd)),
      hold_ms: HOLD_MS,
    };
    return awaitedLater(
      traced(span, 'admit', () =>
        this.#deps.admit(request).then((verdict) => {
          if (!verdict.admitted) throw toLimitError(verdict, this.#deps.now());
          return verdict;
        }),
      ),
    );
  }

  /** The policy's choice, or the session's where it has a model that may serve. */
  choose(requestId: string, { prepared, session }: PreparedCall, parent?: Span): Promise<Choice> {
    return traced(parent, 'choose', async (span) => {
      const drawn = await this.#deps.chooser.choose(requestId, prepared);
      const choice = session === undefined ? drawn : stick(drawn, (await session).model);
      span?.set(choiceAttributes(choice));
      return choice;
    });
  }

  async start(
    call: PreparedCall,
    admission: Promise<Verdict> | undefined,
    { requestId, id, tenantId, startedAt, facts, span }: CallIdentity,
  ): Promise<StartedCall> {
    const watch = stopwatch(this.#deps.monotonic, startedAt);
    const admitting = admission?.then(watch.admit);
    const choosing = awaitedLater(this.choose(requestId, call, span).then(watch.choose));
    const recalling = typeof call.cache === 'function' ? call.cache() : undefined;
    const verdict = await admitting;
    const choice = await choosing;
    const session = await call.session;
    const recalled = await recalling;
    noteChoice(facts, choice);
    const caching = cachingOf(call.cache, choice, recalled);
    if (caching.cache !== undefined) facts.cache = caching.cache;
    const job: AskJob = {
      chat: call.chat,
      documents: call.documents,
      bounded: call.bounded,
      stored: call.stored,
      ...(call.restore === undefined ? {} : { restore: call.restore }),
      partial: call.partial,
      ...(call.firewall === undefined ? {} : { firewall: call.firewall }),
      prepared: call.prepared,
      requestId,
      observationId: id,
      tenantId,
      choice,
      ...(verdict?.admitted === true && verdict.held !== undefined ? { held: verdict.held } : {}),
      ...(session === undefined ? {} : { answered: (model: string) => session.keep(model) }),
      ...caching,
      settled: (outcome) => {
        const isLeased = verdict?.admitted === true && verdict.leased === true;
        if (outcome === 'dead_lettered') {
          facts.dead_lettered = true;
          // What is not booked yet stays held until it expires.
          if (isLeased) this.#deps.bookedLate(tenantId, id, HOLD_MS);
        } else if (isLeased) this.#deps.release(tenantId, id);
      },
      startedAt,
      span,
      before: watch.before(),
    };
    return { job, verdict };
  }
}
