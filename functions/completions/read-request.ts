/** What each route's body means to routing, redaction and the models: one form for all of them. */
import { invalidField } from '../../shared/errors/app-error.ts';
import { type GatewayEvent, headerOf } from '../../shared/middleware/scope.ts';
import { type Ask, EMBEDDING_TASK } from '../../shared/model/ask.ts';
import { HOUR_MS } from '../../shared/model/ask-schema.ts';
import { needsOf } from '../../shared/model/chat.ts';
import { QUALITY_TIERS } from '../../shared/model/policy.ts';
import { callOf, type ModelCall } from '../../shared/services/answer/call-service.ts';
import { estimateTokens } from '../../shared/services/count-tokens.ts';
import { AUTO } from '../../shared/services/routing/choose-model.ts';
import type { MessagesRequest } from './anthropic/schema.ts';
import * as fromAnthropic from './anthropic/to-chat.ts';
import type { EmbeddingsRequest } from './embeddings/schema.ts';
import * as fromEmbeddings from './embeddings/to-chat.ts';
import type { ChatRequest } from './openai/schema.ts';
import type { ResponsesRequest } from './responses/schema.ts';
import * as fromResponses from './responses/to-chat.ts';

const readAsk = (event: GatewayEvent): ModelCall => callOf(event.scope.body as Ask);

const AUTO_TIERS = new Map(QUALITY_TIERS.map((tier) => [`${AUTO}:${tier}`, tier]));

const readChat = (event: GatewayEvent): ModelCall => {
  const { model, ...chat } = event.scope.body as ChatRequest;
  const { target, ...routing } = routingOf(event, model);
  const wish = {
    ...routing,
    max_tokens: chat.max_completion_tokens ?? chat.max_tokens ?? undefined,
    answers: chat.n ?? undefined,
    needs: needsOf(chat),
  };
  return { target, wish, chat, documents: true, bounded: wish.max_cost_usd !== undefined };
};

const readMessages = (event: GatewayEvent): ModelCall => {
  const body = event.scope.body as MessagesRequest;
  const { target, ...routing } = routingOf(event, body.model);
  const chat = fromAnthropic.toChat(body);
  const wish = { ...routing, max_tokens: body.max_tokens, needs: needsOf(chat) };
  return { target, wish, chat, documents: true, bounded: true };
};

const readResponses = (event: GatewayEvent): ModelCall => {
  const body = event.scope.body as ResponsesRequest;
  const { target, ...routing } = routingOf(event, body.model);
  const chat = fromResponses.toChat(body);
  const max_tokens = body.max_output_tokens ?? undefined;
  const wish = { ...routing, max_tokens, needs: needsOf(chat) };
  const bounded = max_tokens !== undefined || wish.max_cost_usd !== undefined;
  return { target, wish, chat, documents: true, bounded };
};

const readEmbeddings = (event: GatewayEvent): ModelCall => {
  const body = event.scope.body as EmbeddingsRequest;
  const { target, ...routing } = routingOf(event, body.model);
  const longest_input = Math.max(...fromEmbeddings.textsOf(body).map(estimateTokens));
  const wish = { ...routing, embeds: true as const, longest_input };
  const chat = fromEmbeddings.toChat(body);
  return { target, wish, chat, documents: true, bounded: false, taskType: EMBEDDING_TASK };
};

/** What the name of the model and the headers ask of the routing. */
const routingOf = (event: GatewayEvent, model: string) => {
  const tier = AUTO_TIERS.get(model);
  return {
    target: tier === undefined ? model : AUTO,
    quality: tier ?? ('balanced' as const),
    max_cost_usd: numberIn(event, 'x-atp-max-cost-usd', 0, Number.MAX_VALUE),
    latency_slo_ms: numberIn(event, 'x-atp-latency-slo-ms', 1, HOUR_MS),
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
  '/v1/responses': readResponses,
  '/v1/embeddings': readEmbeddings,
  '/v1/messages': readMessages,
};
