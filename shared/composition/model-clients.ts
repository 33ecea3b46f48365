/** The clients of every provider, over one HTTP client, for whoever calls models. */
import type { bedrockAccount } from '../adapters/aws/bedrock-account.ts';
import { ProviderHttpClient } from '../adapters/providers/http-client.ts';
import { lazyClient } from '../adapters/providers/lazy-client.ts';
import { OpenAiCompatibleClient } from '../adapters/providers/openai-compatible/client.ts';
import { ProviderRouter } from '../adapters/providers/provider-router.ts';
import { SimulatedClient } from '../adapters/providers/simulated/client.ts';
import { SimulatedEmbeddings } from '../adapters/providers/simulated/embeddings.ts';
import type { ModelClient } from '../ports/model-client.ts';
import type { Clock } from '../ports/runtime.ts';
import type { SecretStore } from '../ports/secret-store.ts';
import { isPrivateAddress } from '../services/base-url.ts';
import { estimateTokens } from '../services/count-tokens.ts';

export interface ModelClientsDeps {
  secrets: Pick<SecretStore, 'get'>;
  clock: Clock;
  /** May a base URL lead into a private network? */
  allowPrivate: boolean;
  /** Whose Bedrock is called; asked for when the first of its models is. */
  bedrock: () => ReturnType<typeof bedrockAccount>;
}

export interface ModelClients {
  chat: ModelClient;
  embeddings: ModelClient;
}

export const modelClients = ({ secrets, clock, allowPrivate, bedrock }: ModelClientsDeps): ModelClients => {
  const http = new ProviderHttpClient({ isPrivateAddress, allowPrivate });
  const deps = { http, secrets, clock };
  const openAiEmbeddings = lazyClient(async () => {
    const { OpenAiEmbeddings } = await import('../adapters/providers/openai-compatible/embeddings.ts');
    return new OpenAiEmbeddings(deps);
  });
  return {
    chat: new ProviderRouter({
      simulated: new SimulatedClient(clock, estimateTokens),
      openai: new OpenAiCompatibleClient(deps),
      'openai-compatible': new OpenAiCompatibleClient(deps),
      anthropic: lazyClient(async () => {
        const { AnthropicClient } = await import('../adapters/providers/anthropic/client.ts');
        return new AnthropicClient(deps);
      }),
      bedrock: lazyClient(async () => {
        const { BedrockClient } = await import('../adapters/providers/bedrock/client.ts');
        return new BedrockClient({ ...deps, ...bedrock() });
      }),
    }),
    embeddings: new ProviderRouter({
      simulated: new SimulatedEmbeddings(clock, estimateTokens),
      openai: openAiEmbeddings,
      'openai-compatible': openAiEmbeddings,
    }),
  };
};
