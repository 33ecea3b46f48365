/** A client of Bedrock before a provider on loopback. */
import { MemorySecretStore } from '../../../shared/adapters/memory/secret-store.ts';
import { BedrockClient } from '../../../shared/adapters/providers/bedrock/client.ts';
import { ProviderHttpClient } from '../../../shared/adapters/providers/http-client.ts';
import type { Adapter } from '../../../shared/model/adapter.ts';
import { isPrivateAddress } from '../../../shared/services/base-url.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';
import { anAdapter } from './calls.ts';
import { FakeUpstream } from './fake-upstream.ts';

export const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' };

export interface BedrockSubject {
  client: BedrockClient;
  upstream: FakeUpstream;
  /** As registered; only after `start`. */
  adapter(): Adapter;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export const bedrockSubject = (): BedrockSubject => {
  const upstream = new FakeUpstream();
  const http = new ProviderHttpClient({ isPrivateAddress, allowPrivate: true });
  let base_url = '';
  return {
    client: new BedrockClient({
      http,
      secrets: new MemorySecretStore(),
      clock: new ManualClock(),
      region: 'eu-west-1',
      credentials: async () => KEYS,
    }),
    upstream,
    adapter: () => anAdapter({ provider: 'bedrock', base_url, model: 'eu.vendor.model-v1:0' }),
    start: async () => {
      base_url = (await upstream.start()).replace('/v1', '');
    },
    stop: async () => {
      await upstream.stop();
      await http.close();
    },
  };
};
