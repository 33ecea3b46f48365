/** What the fake gateway's `admin` is given beside its stores. */
import { SimulatedClient } from '../../../shared/adapters/providers/simulated/client.ts';
import { SimulatedEmbeddings } from '../../../shared/adapters/providers/simulated/embeddings.ts';
import type { Adapter, ProviderKind } from '../../../shared/model/adapter.ts';
import { estimateTokens } from '../../../shared/services/count-tokens.ts';
import { tryModel } from '../../../shared/services/health/try-model.ts';
import type { GatewayOptions } from './gateway.ts';
import type { ManualClock } from './manual-clock.ts';

const PROVIDERS: readonly ProviderKind[] = [
  'simulated',
  'openai',
  'anthropic',
  'bedrock',
  'openai-compatible',
];

export const adminParts = ({ clock }: { clock: ManualClock }, options: GatewayOptions) => ({
  now: () => clock.now(),
  pause: () => Promise.resolve(),
  isEncoderInstalled: () => options.encoder !== undefined,
  env: 'test',
  version: '0.0.0',
  tryModel: (adapter: Adapter, requestId: string) =>
    tryModel(
      {
        chat: options.client ?? new SimulatedClient(clock),
        embeddings: options.embeddings ?? new SimulatedEmbeddings(clock, estimateTokens),
        clock,
      },
      adapter,
      requestId,
    ),
  supportedProviders: options.supportedProviders ?? PROVIDERS,
  allowSimulated: options.allowSimulated ?? true,
  allowPrivateUrls: options.allowPrivateUrls ?? false,
});
