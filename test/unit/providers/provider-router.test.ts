import { describe, expect, it } from 'vitest';
import { ProviderRouter } from '../../../shared/adapters/providers/provider-router.ts';
import { SimulatedClient } from '../../../shared/adapters/providers/simulated/client.ts';
import { anAdapter, aRequest, receive } from '../../contract/providers/calls.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';

const router = new ProviderRouter({ simulated: new SimulatedClient(new ManualClock({ autoAdvance: true })) });

describe('the provider router', () => {
  it('sends a call to the client of the adapter’s provider', async () => {
    const { end } = await receive(router, anAdapter({ provider: 'simulated' }), aRequest());

    expect(end).toMatchObject({ type: 'end' });
  });

  it.each(['openai', 'bedrock'] as const)('says that %s is not served', async (provider) => {
    const { error } = await receive(router, anAdapter({ provider }), aRequest());

    expect(error).toMatchObject({ code: 'upstream_error', retryable: false });
  });
});
