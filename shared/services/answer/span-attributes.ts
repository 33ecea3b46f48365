/**
 * What spans tell, in OpenTelemetry's words for generative AI
 * (https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/client-inference.md), and in ours.
 */
import type { Adapter, ProviderKind } from '../../model/adapter.ts';
import type { Attributes, Span } from '../../ports/tracing.ts';
import type { Choice } from '../routing/choose-model.ts';
import type { Prediction } from '../routing/predict.ts';
import type { Answer } from './answer.ts';
import type { AskJob } from './ask-job.ts';

/** The convention's own names; what it does not know keeps ours. */
const PROVIDERS: Readonly<Partial<Record<ProviderKind, string>>> = { bedrock: 'aws.bedrock' };
const MOST_NAME = 256;

export const choiceAttributes = ({ decision, ranked, fallback, selectorMs, sticky }: Choice): Attributes => ({
  'atp.policy': decision.policy,
  'atp.selector': decision.selector,
  'atp.selector.fallback': fallback,
  'atp.selector.ms': selectorMs,
  'atp.model': ranked[0]?.adapter.id,
  'atp.candidates': ranked.length,
  'atp.sticky': sticky,
});

const serverOf = ({ base_url }: Adapter): Attributes => {
  const url = base_url === undefined ? null : URL.parse(base_url);
  if (url === null) return {};
  const port = url.port === '' ? (url.protocol === 'http:' ? 80 : 443) : Number(url.port);
  return { 'server.address': url.hostname, 'server.port': port };
};

export const callSpan = (
  parent: Span,
  job: AskJob,
  { adapter, maxTokens }: Prediction,
  stream: boolean,
): Span => {
  const embeds = job.prepared.ask.embeds === true;
  const operation = embeds ? 'embeddings' : 'chat';
  const model = adapter.model ?? adapter.id;
  return parent.child(`${operation} ${model}`, 'client', {
    'gen_ai.operation.name': operation,
    'gen_ai.provider.name': PROVIDERS[adapter.provider] ?? adapter.provider,
    'gen_ai.request.model': model,
    'gen_ai.request.stream': stream ? true : undefined,
    'gen_ai.request.max_tokens': embeds ? undefined : maxTokens,
    ...serverOf(adapter),
    'atp.adapter': adapter.id,
  });
};

/** What the provider itself reported, and nothing that was only estimated. */
export const endAttributes = (answer: Answer, firstMs: number | undefined): Attributes => {
  const { document, reported, finishReason } = answer;
  const named = document?.model;
  return {
    'gen_ai.response.model': typeof named === 'string' ? named.slice(0, MOST_NAME) : undefined,
    'gen_ai.response.finish_reasons': finishReason === undefined ? undefined : [finishReason],
    'gen_ai.response.time_to_first_chunk': firstMs === undefined ? undefined : firstMs / 1_000,
    'gen_ai.usage.input_tokens': reported?.tokens_in,
    'gen_ai.usage.output_tokens': reported?.tokens_out,
  };
};
