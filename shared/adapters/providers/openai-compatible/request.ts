import type { Adapter } from '../../../model/adapter.ts';
import type { ModelRequest } from '../../../model/completion.ts';
import type { ProviderRequest } from '../http-client.ts';

const DEFAULT_BASE_URL = 'https://api.openai.com/v1';

/** A chat completion request; usage is asked for also in streams. */
export const toRequest = (
  adapter: Adapter,
  request: ModelRequest,
  key: string | undefined,
): ProviderRequest => ({
  url: `${(adapter.base_url ?? DEFAULT_BASE_URL).replace(/\/+$/, '')}/chat/completions`,
  headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
  body: JSON.stringify({
    model: adapter.model,
    messages: request.messages,
    // OpenAI's reasoning models refuse the old name; most of the others know no other.
    [adapter.provider === 'openai' ? 'max_completion_tokens' : 'max_tokens']: request.max_tokens,
    ...(request.stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  }),
});
