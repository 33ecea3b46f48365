/** A tenant's own key at a provider: a model of its own that only its policy may use. */
import { beforeEach, describe, expect, it } from 'vitest';
import { SimulatedClient } from '../../../shared/adapters/providers/simulated/client.ts';
import type { Adapter } from '../../../shared/model/adapter.ts';
import type { ModelEvent, ModelRequest } from '../../../shared/model/completion.ts';
import type { ModelClient } from '../../../shared/ports/model-client.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';

describe("a tenant's own key", () => {
  const used: (string | undefined)[] = [];
  let gateway: FakeGateway;
  let ask: (tenant: string, model?: string) => Promise<number>;

  beforeEach(async () => {
    used.length = 0;
    const simulated = new SimulatedClient(new ManualClock({ autoAdvance: true }));
    const client: ModelClient = {
      call: (adapter: Adapter, request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent> => {
        used.push(adapter.secret_name);
        return simulated.call(adapter, request, signal);
      },
    };
    gateway = new FakeGateway({ client });
    const model = { provider: 'openai', model: 'gpt-4o', cost_per_1k: 0.002 };
    for (const [id, api_key] of [
      ['gpt', 'sk-shared-by-everybody'],
      ['gpt-acme', 'sk-of-acme-alone'],
    ]) {
      const { status } = await gateway.asAdmin('POST /admin/adapters', { body: { ...model, id, api_key } });
      expect(status).toBe(200);
    }
    const policy = { strategy: 'greedy' };
    const put = (id: string, body: object) =>
      gateway.asAdmin('PUT /admin/policies/{id}', { path: { id }, body: { ...policy, ...body } });
    expect((await put('acme', { tenants: ['acme'], candidates: { only: ['gpt-acme'] } })).status).toBe(200);
    expect((await put('default', { candidates: { except: ['gpt-acme'] } })).status).toBe(200);
    ask = async (tenant, name) => {
      const key = await gateway.keyOf(tenant);
      const named = { model: name ?? 'auto', messages: [{ role: 'user', content: 'Hello' }] };
      return (await gateway.call('POST /v1/chat/completions', { key, body: named })).status;
    };
  });

  it('goes with its own requests, and the shared one with those of the others', async () => {
    expect(await ask('acme')).toBe(200);
    expect(await ask('other')).toBe(200);

    expect(used).toEqual(['adapters/gpt-acme', 'adapters/gpt']);
    expect(await gateway.secrets.get('adapters/gpt-acme')).toBe('sk-of-acme-alone');
  });

  it('is not to be had by naming its model', async () => {
    expect(await ask('other', 'gpt-acme')).toBe(422);
    expect(used).toEqual([]);
  });
});
