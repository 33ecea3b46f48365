import type { Adapter } from '../../../model/adapter.ts';
import { isObject, type JsonObject } from '../../../model/chat.ts';
import type { ModelRequest } from '../../../model/completion.ts';
import type { ProviderRequest } from '../http-client.ts';

const DEFAULT_BASE_URL = 'https://api.openai.com/v1';

/** Where, and with which key. */
export const endpointOf = ({ base_url }: Adapter, path: string, key: string | undefined) => ({
  url: `${(base_url ?? DEFAULT_BASE_URL).replace(/\/+$/, '')}${path}`,
  headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
});

const BOUNDS = ['max_completion_tokens', 'max_tokens'] as const;

/** The caller's chat with the provider's name of the model; usage is asked for also in streams. */
export const toRequest = (
  adapter: Adapter,
  request: ModelRequest,
  key: string | undefined,
): ProviderRequest => ({
  ...endpointOf(adapter, '/chat/completions', key),
  body: JSON.stringify({
    ...request.chat,
    model: adapter.model,
    ...boundsOf(adapter, request),
    ...(request.stream ? streaming(request.chat.stream_options) : {}),
  }),
});

const boundsOf = (adapter: Adapter, { chat, max_tokens, bounded }: ModelRequest): JsonObject => {
  const given = BOUNDS.filter((name) => typeof chat[name] === 'number');
  // OpenAI's reasoning models refuse the old name; most of the others know no other.
  const usual = adapter.provider === 'openai' ? BOUNDS[0] : BOUNDS[1];
  const names = given.length === 0 && bounded ? [usual] : given;
  return Object.fromEntries(names.map((name) => [name, max_tokens]));
};

const streaming = (options: unknown): JsonObject => ({
  stream: true,
  stream_options: { ...(isObject(options) ? options : {}), include_usage: true },
});
