/** One call of one model, as small as can be, for who has just registered it. Nobody is charged, and routing learns nothing of it. */
import { AppError } from '../../errors/app-error.ts';
import type { Adapter } from '../../model/adapter.ts';
import type { ModelRequest } from '../../model/completion.ts';
import type { UpstreamFault } from '../../model/health.ts';
import type { ModelClient } from '../../ports/model-client.ts';
import type { Clock } from '../../ports/runtime.ts';
import { faultOf } from '../answer/attempt.ts';
import { Deadline } from '../answer/deadline.ts';
import { costOf } from '../routing/predict.ts';

export interface TryModelDeps {
  chat: ModelClient;
  embeddings: ModelClient;
  clock: Clock;
}

export interface ModelTrial {
  ok: boolean;
  model: string;
  latency_ms: number;
  first_byte_ms: number | null;
  tokens_in: number | null;
  tokens_out: number | null;
  cost_usd: number | null;
  error: { code: string; message: string } | null;
}

/** Less than API Gateway waits. */
export const TRIAL_TIMEOUT_MS = 20_000;
const MOST_TOKENS = 16;
const PROMPT = 'Answer with the word ready.';

/** In words of ours: a provider's own may hold anything. */
const WORDS: Readonly<Record<UpstreamFault, string>> = {
  rate_limited: 'The provider asks for fewer calls.',
  key_refused: 'The provider refuses the key.',
  key_missing: 'There is no key for this provider: give api_key or secret_name.',
  not_found: 'The provider knows no such model, or nothing is at base_url.',
  provider_error: 'The provider reports a fault of its own.',
  connection: 'The provider cannot be reached at base_url.',
  timeout: 'The provider does not answer in time.',
  cut: 'The provider broke off amid its answer.',
  garbled: 'What answers does not speak the language of this provider.',
};

export const tryModel = async (
  { chat, embeddings, clock }: TryModelDeps,
  adapter: Adapter,
  requestId: string,
): Promise<ModelTrial> => {
  const client = adapter.capabilities.includes('embeddings') ? embeddings : chat;
  const deadline = new Deadline(new AbortController().signal, TRIAL_TIMEOUT_MS);
  const startedAt = clock.monotonic();
  const elapsed = (): number => Math.round((clock.monotonic() - startedAt) * 10) / 10;
  let first: number | null = null;
  let usage: { tokens_in: number; tokens_out: number } | undefined;
  try {
    for await (const event of client.call(adapter, trialOf(requestId), deadline.signal)) {
      first ??= elapsed();
      if (event.type === 'end') usage = event.usage;
    }
    return { ok: true, ...measured(adapter, elapsed(), first, usage), error: null };
  } catch (error) {
    const told = toldOf(error, deadline.signal.aborted);
    return { ok: false, ...measured(adapter, elapsed(), first, usage), error: told };
  } finally {
    deadline.end();
  }
};

const measured = (
  adapter: Adapter,
  latency_ms: number,
  first_byte_ms: number | null,
  usage: { tokens_in: number; tokens_out: number } | undefined,
) => ({
  model: adapter.model,
  latency_ms,
  first_byte_ms,
  tokens_in: usage?.tokens_in ?? null,
  tokens_out: usage?.tokens_out ?? null,
  cost_usd: usage === undefined ? null : costOf(adapter.price, usage.tokens_in, usage.tokens_out),
});

const toldOf = (error: unknown, isLate: boolean): { code: string; message: string } => {
  const fault = faultOf(error) ?? (isLate ? 'timeout' : undefined);
  if (fault !== undefined) return { code: fault, message: WORDS[fault] };
  // Whoever refuses so small a call says why in its status alone.
  if (error instanceof AppError) return { code: error.code, message: error.detail };
  return { code: 'internal', message: 'The call could not be made.' };
};

const trialOf = (request_id: string): ModelRequest => ({
  request_id,
  chat: { messages: [{ role: 'user', content: PROMPT }] },
  max_tokens: MOST_TOKENS,
  bounded: true,
  task_type: 'trial',
  stream: true,
  documents: false,
});
