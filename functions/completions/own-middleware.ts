/** Redact, prepare and admit, in that order, between parsing and the handler. What they find waits in an AskState. */
import type { MiddlewareObj } from '@middy/core';
import { AppError } from '../../shared/errors/app-error.ts';
import type { HttpResponse } from '../../shared/middleware/http-response.ts';
import { type GatewayEvent, principalOf } from '../../shared/middleware/scope.ts';
import { type Ask, GENERAL_TASK } from '../../shared/model/ask.ts';
import type { AdmissionRequest, Verdict } from '../../shared/model/quota.ts';
import { toLimitError } from '../../shared/services/admission/limit-error.ts';
import type { ModelChooser } from '../../shared/services/routing/choose-model.ts';
import type { PreparedRequest } from '../../shared/services/routing/prepared-request.ts';
import type { Session } from '../../shared/services/routing/sticky-sessions.ts';

export interface AskState {
  /** As the provider may see it. */
  prompt: string;
  stored: { prompt: string; taskType: string; sessionId?: string };
  prepared: PreparedRequest;
  /** Being recalled while the model is chosen; absent where there is none to keep. */
  session?: Promise<Session>;
  /** Under way while the model is chosen; absent for plans, which are not charged. */
  admission?: Promise<Verdict>;
}

export interface OwnDeps {
  chooser: ModelChooser;
  /** Redacted text and the number of findings; throws when detection fails, so the request fails closed. */
  redact: (text: string) => { text: string; findings: number };
  admit: (request: AdmissionRequest) => Promise<Verdict>;
  recall: (tenantId: string, sessionId: string) => Promise<Session>;
  now: () => number;
  states: WeakMap<GatewayEvent, AskState>;
}

/** Longer than any call may take, so that only a lost process leaves a hold to expire. */
const HOLD_MS = 120_000;

export const ownMiddleware = (deps: OwnDeps): MiddlewareObj<GatewayEvent, HttpResponse>[] => [
  {
    before: async ({ event }) => {
      const ask = event.scope.body as Ask;
      const policy = await deps.chooser.policy({ tenantId: principalOf(event).tenant_id });
      const redacted = deps.redact(ask.prompt);
      event.scope.facts.findings = redacted.findings;
      if (policy.pii_mode === 'block' && redacted.findings > 0) {
        throw new AppError(
          'blocked',
          'The prompt holds personal data, which this policy does not let through.',
        );
      }
      const stored = policy.pii_mode === 'off' ? ask.prompt : redacted.text;
      const clean = (text: string): string => (policy.pii_mode === 'off' ? text : deps.redact(text).text);
      const redactedTask = ask.task_type === undefined ? undefined : deps.redact(ask.task_type).text;
      const { session_id } = ask;
      const { tenant_id } = principalOf(event);
      deps.states.set(event, {
        prompt: policy.pii_mode === 'redact' ? redacted.text : ask.prompt,
        stored: {
          prompt: stored,
          taskType: (policy.pii_mode === 'off' ? ask.task_type : redactedTask) ?? GENERAL_TASK,
          ...(session_id === undefined ? {} : { sessionId: clean(session_id) }),
        },
        ...(session_id === undefined || !policy.sticky_sessions
          ? {}
          : { session: deps.recall(tenant_id, session_id) }),
        prepared: await deps.chooser.prepare(ask, {
          policy,
          described: { prompt: redacted.text, task_type: redactedTask, max_tokens: ask.max_tokens },
        }),
      });
    },
  },
  {
    before: ({ event }) => {
      const state = deps.states.get(event);
      if (state === undefined || event.scope.route?.resource !== '/v1/ask') return;
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
