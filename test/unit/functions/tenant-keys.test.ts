/** Providers' keys: one that all share, and those that single tenants have. */
import { beforeEach, describe, expect, it } from 'vitest';
import { SimulatedClient } from '../../../shared/adapters/providers/simulated/client.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Adapter } from '../../../shared/model/adapter.ts';
import type { ModelEvent, ModelRequest } from '../../../shared/model/completion.ts';
import type { ModelClient } from '../../../shared/ports/model-client.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';
import type { Reply } from '../../support/fakes/http.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';

const MODEL = { id: 'gpt', provider: 'openai', model: 'gpt-4o', cost_per_1k: 0.002 };
const KEYS = '/admin/adapters/{id}/keys/{tenant}';

/** Whose secret a call would go with. */
const secretOf = ({ account, secret_name }: Adapter): string | undefined =>
  typeof account === 'object' ? account.secret_name : secret_name;

describe("a tenant's own key at a provider", () => {
  const used: (string | undefined)[] = [];
  let refused = '';
  let gateway: FakeGateway;

  beforeEach(() => {
    used.length = 0;
    refused = '';
    const simulated = new SimulatedClient(new ManualClock({ autoAdvance: true }));
    const client: ModelClient = {
      async *call(adapter: Adapter, request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
        used.push(secretOf(adapter));
        if (secretOf(adapter) === refused)
          throw new AppError('upstream_error', 'No.', { retryable: false, fault: 'key_refused' });
        yield* simulated.call(adapter, request, signal);
      },
    };
    gateway = new FakeGateway({ client });
  });

  const register = (fields: object = {}): Promise<Reply> =>
    gateway.asAdmin('POST /admin/adapters', { body: { ...MODEL, ...fields } });
  const put = (tenant: string, api_key = `sk-of-${tenant}`, id = 'gpt'): Promise<Reply> =>
    gateway.asAdmin(`PUT ${KEYS}`, { path: { id, tenant }, body: { api_key } });
  const remove = (tenant: string): Promise<Reply> =>
    gateway.asAdmin(`DELETE ${KEYS}`, { path: { id: 'gpt', tenant } });
  const ask = async (tenant: string, model = 'auto'): Promise<Reply> =>
    gateway.call('POST /v1/chat/completions', {
      key: await gateway.keyOf(tenant),
      body: { model, messages: [{ role: 'user', content: 'Hello' }] },
    });

  it('goes with its own requests, and the shared one with those of the others', async () => {
    await register({ api_key: 'sk-shared' });
    const { status, json, text } = await put('acme');

    await ask('acme');
    await ask('other');

    expect([status, json]).toEqual([
      200,
      { adapter: 'gpt', tenant_id: 'acme', updated_at: '2026-01-05T12:00:00.000Z' },
    ]);
    expect(used).toEqual(['adapters/gpt/tenants/acme', 'adapters/gpt']);
    expect(await gateway.secrets.get('adapters/gpt/tenants/acme')).toBe('sk-of-acme');
    const shown = (await gateway.asAdmin('GET /admin/adapters/{id}', { path: { id: 'gpt' } })).text;
    expect(shown).toContain('"tenant_keys":[{"tenant_id":"acme"');
    expect(text + shown + JSON.stringify(await gateway.config.snapshot())).not.toContain('sk-of');
  });

  it('goes with trials for the tenant that an operator acts for', async () => {
    await register({ api_key: 'sk-shared' });
    await put('acme');
    const trial = (headers: Record<string, string>): Promise<Reply> =>
      gateway.asAdmin('POST /admin/adapters/{id}/test', { path: { id: 'gpt' }, body: {}, headers });

    await trial({});
    await trial({ 'x-tenant-id': 'acme' });

    expect(used).toEqual(['adapters/gpt', 'adapters/gpt/tenants/acme']);
  });

  it('is replaced by another, and gone when it is removed', async () => {
    await register({ api_key: 'sk-shared' });
    await put('acme');
    await put('acme', 'sk-two');

    expect(await gateway.secrets.get('adapters/gpt/tenants/acme')).toBe('sk-two');
    expect([(await remove('acme')).status, (await remove('acme')).status]).toEqual([204, 404]);
    expect(await gateway.secrets.get('adapters/gpt/tenants/acme')).toBeUndefined();
    await ask('acme');
    expect(used).toEqual(['adapters/gpt']);
  });

  it('is the only way to a model without a shared one', async () => {
    await register();
    await put('acme');

    expect((await ask('acme', 'gpt')).status).toBe(200);
    const stranger = await ask('other', 'gpt');

    expect([stranger.status, stranger.text]).toEqual([422, expect.stringContaining('gpt: no_key.')]);
    expect(used).toEqual(['adapters/gpt/tenants/acme']);
  });

  it("that the provider refuses opens nobody else's breaker", async () => {
    await register({ api_key: 'sk-shared' });
    await put('acme');
    refused = 'adapters/gpt/tenants/acme';
    for (let at = 0; at < 12; at++) await ask('acme', 'gpt');
    const tried = used.length;

    expect(tried).toBeGreaterThan(0);
    expect((await ask('other', 'gpt')).status).toBe(200);
    expect(
      (await gateway.asAdmin('GET /admin/adapters/{id}', { path: { id: 'gpt' } })).json.health,
    ).toMatchObject({ breaker: 'closed' });
  });

  it('stays when the model is changed, and is forgotten when it moves or goes', async () => {
    const here = { provider: 'openai-compatible', base_url: 'https://api.example.com/v1' };
    const kept = () => gateway.secrets.get('adapters/gpt/tenants/acme');
    await register(here);
    await put('acme');

    expect((await register({ ...here, quality: 0.9 })).json.tenant_keys).toHaveLength(1);
    expect(await kept()).toBe('sk-of-acme');
    expect((await register({ ...here, base_url: 'https://other.example.net' })).json).not.toHaveProperty(
      'tenant_keys',
    );
    expect(await kept()).toBeUndefined();

    await put('acme');
    await gateway.asAdmin('DELETE /admin/adapters/{id}', { path: { id: 'gpt' } });
    expect(await kept()).toBeUndefined();
    expect((await register(here)).json).not.toHaveProperty('tenant_keys');
  });

  it('that a removal left behind is no key of a model that is registered anew', async () => {
    await gateway.secrets.put('adapters/gpt/tenants/acme', 'sk-left-behind');
    await gateway.config.putTenantKey('gpt', { tenant_id: 'acme', updated_at: '2026-01-01T00:00:00.000Z' });

    expect((await register({ api_key: 'sk-shared' })).json).not.toHaveProperty('tenant_keys');
    await ask('acme');

    expect(used).toEqual(['adapters/gpt']);
    expect(await gateway.secrets.get('adapters/gpt/tenants/acme')).toBeUndefined();
  });

  it.each<[string, string, string, number, string?]>([
    ['gpt', 'acme', '', 400, '/api_key'],
    ['gpt', 'acme', 'two words', 400, '/api_key'],
    ['gpt', 'ac me', 'sk', 404],
    ['gpt', '123-45-6789', 'sk', 404],
    ['none', 'acme', 'sk', 404],
    ['titan', 'acme', 'sk', 400, '/api_key'],
  ])('of %s for %j as %j is refused with %i', async (id, tenant, api_key, status, path) => {
    await register();
    await register({ id: 'titan', provider: 'bedrock' });

    const reply = await put(tenant, api_key, id);

    expect([reply.status, reply.json.errors?.[0]?.path]).toEqual([status, path]);
    expect(await gateway.config.listTenantKeys(id)).toEqual([]);
  });

  it('is noticed and audited without a word of it', async () => {
    await register();
    await put('acme');
    await remove('acme');

    const events = await gateway.asAdmin('GET /admin/events', { query: { tenant_id: 'acme' } });
    expect(events.json).toMatchObject([
      { type: 'adapter.key_removed', subject: 'gpt', tenant_id: 'acme' },
      { type: 'adapter.key_set', subject: 'gpt', tenant_id: 'acme' },
    ]);
    const audit = await gateway.asAdmin('GET /admin/audit', { query: { tenant_id: 'acme' } });
    expect(audit.text).toContain('{"id":"gpt","tenant":"acme"}');
    expect(audit.text + events.text).not.toContain('sk-of');
  });
});
