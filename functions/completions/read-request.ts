/** What each route's body means to routing, redaction and the models: one form for all of them. */
import { invalidField } from '../../shared/errors/app-error.ts';
import { type GatewayEvent, headerOf } from '../../shared/middleware/scope.ts';
import type { Ask } from '../../shared/model/ask.ts';
import { HOUR_MS } from '../../shared/model/ask-schema.ts';
import { needsOf } from '../../shared/model/chat.ts';
import { QUALITY_TIERS } from '../../shared/model/policy.ts';
import { callOf, type ModelCall } from '../../shared/services/answer/call-service.ts';
import { AUTO } from '../../shared/services/routing/choose-model.ts';
import type { ChatRequest } from './chat-schema.ts';

const readAsk = (event: GatewayEvent): ModelCall => callOf(event.scope.body as Ask);

const AUTO_TIERS = new Map(QUALITY_TIERS.map((tier) => [`${AUTO}:${tier}`, tier]));

const readChat = (event: GatewayEvent): ModelCall => {
  const { model, ...chat } = event.scope.body as ChatRequest;
  const tier = AUTO_TIERS.get(model);
  return {
    target: tier === undefined ? model : AUTO,
    wish: {
      quality: tier ?? 'balanced',
      max_cost_usd: numberIn(event, 'x-atp-max-cost-usd', 0, Number.MAX_VALUE),
      latency_slo_ms: numberIn(event, 'x-atp-latency-slo-ms', 1, HOUR_MS),
      max_tokens: chat.max_completion_tokens ?? chat.max_tokens ?? undefined,
      answers: chat.n ?? undefined,
      needs: needsOf(chat),
    },
    chat,
    documents: true,
  };
};

const NUMBER = /^\d{1,15}(\.\d{1,15})?$/;

const numberIn = (event: GatewayEvent, name: string, min: number, max: number): number | undefined => {
  const text = headerOf(event, name);
  if (text === undefined) return undefined;
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw invalidField(`/headers/${name}`, 'must be a number within its bounds, in digits');
};

/** By the route's resource. */
export const READERS: Readonly<Record<string, (event: GatewayEvent) => ModelCall>> = {
  '/v1/ask': readAsk,
  '/v1/plan': readAsk,
  '/v1/chat/completions': readChat,
};
