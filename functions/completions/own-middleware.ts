/** Redact, prepare and admit, in that order, between parsing and the handler. What they find waits in a CallState. */
import type { MiddlewareObj } from '@middy/core';
import { AppError } from '../../shared/errors/app-error.ts';
import type { HttpResponse } from '../../shared/middleware/http-response.ts';
import { type GatewayEvent, principalOf } from '../../shared/middleware/scope.ts';
import { type ChatBody, promptOf } from '../../shared/model/chat.ts';
import type { AdmissionRequest, Verdict } from '../../shared/model/quota.ts';
import { toLimitError } from '../../shared/services/admission/limit-error.ts';
import { estimateChatTokens } from '../../shared/services/count-tokens.ts';
import { type Redact, redactChat } from '../../shared/services/redact/redact-chat.ts';
import type { ModelChooser, PreparedRequest } from '../../shared/services/routing/choose-model.ts';
import { READERS } from './read-request.ts';

export interface CallState {
  /** As the provider may see it. */
  chat: ChatBody;
  documents: boolean;
  bounded: boolean;
  stored: { prompt: string; taskType: string; sessionId?: string };
  prepared: PreparedRequest;
  /** Under way while the model is chosen; absent for plans, which are not charged. */
  admission?: Promise<Verdict>;
}

export interface OwnDeps {
  chooser: ModelChooser;
  /** Throws when detection fails, so the request fails closed. */
  redact: Redact;
  admit: (request: AdmissionRequest) => Promise<Verdict>;
  now: () => number;
  states: WeakMap<GatewayEvent, CallState>;
}

const GENERAL_TASK = 'general';
/** Longer than any call may take, so that only a lost process leaves a hold to expire. */
const HOLD_MS = 120_000;

export const ownMiddleware = (deps: OwnDeps): MiddlewareObj<GatewayEvent, HttpResponse>[] => [
  {
    before: async ({ event }) => {
      const read = READERS[event.resource];
      if (read === undefined) return;
      const { target: name, wish, chat, documents, bounded, taskType, sessionId } = read(event);
      const target = await deps.chooser.target(name);
      const { pii_mode } = target.policy;
      const redacted = redactChat(chat, deps.redact);
      event.scope.facts.findings = redacted.findings;
      if (pii_mode === 'block' && redacted.findings > 0) {
        throw new AppError(
          'blocked',
          'The prompt holds personal data, which this policy does not let through.',
        );
      }
      const clean = (text: string): string => (pii_mode === 'off' ? text : deps.redact(text).text);
      deps.states.set(event, {
        chat: pii_mode === 'redact' ? redacted.chat : chat,
        documents,
        bounded,
        stored: {
          prompt: promptOf(pii_mode === 'off' ? chat : redacted.chat),
          taskType: taskType === undefined ? GENERAL_TASK : clean(taskType),
          ...(sessionId === undefined ? {} : { sessionId: clean(sessionId) }),
        },
        prepared: await deps.chooser.prepare(wish, estimateChatTokens(chat), target),
      });
    },
  },
  {
    before: ({ event }) => {
      const state = deps.states.get(event);
      if (state === undefined || event.scope.route?.resource === '/v1/plan') return;
      const { eligible, tokensIn } = state.prepared;
      const admission = deps
        .admit({
          id: event.scope.id,
          tenant_id: principalOf(event).tenant_id,
          tokens: tokensIn + Math.max(...eligible.map((prediction) => prediction.expectedTokens)),
          cost_usd: Math.max(...eligible.map((prediction) => prediction.costUsd)),
          hold_ms: HOLD_MS,
        })
        .then((verdict) => {
          if (!verdict.admitted) throw toLimitError(verdict, deps.now());
          return verdict;
        });
      // The handler awaits it; until then a refusal must not count as unhandled.
      admission.catch(() => undefined);
      state.admission = admission;
    },
  },
];
