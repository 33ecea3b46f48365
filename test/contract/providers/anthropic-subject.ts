/** Anthropic's client with an upstream of our own in its place. */
import { afterAll, beforeAll } from 'vitest';
import { MemorySecretStore } from '../../../shared/adapters/memory/secret-store.ts';
import { AnthropicClient } from '../../../shared/adapters/providers/anthropic/client.ts';
import { ProviderHttpClient } from '../../../shared/adapters/providers/http-client.ts';
import type { ModelRequest } from '../../../shared/model/completion.ts';
import { isPrivateAddress } from '../../../shared/services/base-url.ts';
import { ManualClock, START_MS } from '../../support/fakes/manual-clock.ts';
import { message } from './anthropic-replies.ts';
import { anAdapter, aRequest, receive } from './calls.ts';
import { FakeUpstream } from './fake-upstream.ts';

export const CREATED = START_MS / 1_000;
export const TEXT = message([{ type: 'text', text: 'ok' }]);
export const CALL = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } };

/** To be called by a test file, once. */
export const anthropic = () => {
  const upstream = new FakeUpstream();
  const http = new ProviderHttpClient({ isPrivateAddress, allowPrivate: true });
  const secrets = new MemorySecretStore({ 'vendor/key': 'sk-ant-test' });
  const client = new AnthropicClient({ http, secrets, clock: new ManualClock() });
  let url = '';
  beforeAll(async () => {
    url = await upstream.start();
  });
  afterAll(async () => {
    await upstream.stop();
    await http.close();
  });
  const ask = (fields: Partial<ModelRequest>) => {
    const adapter = anAdapter({ provider: 'anthropic', base_url: url, secret_name: 'vendor/key' });
    return receive(client, adapter, aRequest(fields));
  };
  return { upstream, ask };
};
