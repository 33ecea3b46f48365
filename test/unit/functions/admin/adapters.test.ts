import { beforeEach, describe, expect, it } from 'vitest';
import { FakeGateway } from '../../../support/fakes/gateway.ts';

const REAL = {
  id: 'gpt',
  provider: 'openai-compatible',
  base_url: 'https://api.example.com/v1',
  cost_per_1k: 0.01,
};

const NEVER_CALLED = {
  state: 'healthy',
  breaker: 'closed',
  error_rate: 0,
  latency_ms_ewma: null,
  checked_at: null,
  last_error_code: null,
};

describe('/admin/adapters', () => {
  let gateway: FakeGateway;

  beforeEach(() => {
    gateway = new FakeGateway();
  });

  const post = (body: object) => gateway.asAdmin('POST /admin/adapters', { body });
  const get = (id: string) => gateway.asAdmin('GET /admin/adapters/{id}', { path: { id } });
  const remove = (id: string) => gateway.asAdmin('DELETE /admin/adapters/{id}', { path: { id } });

  it('registers a model from an id, a price and a quality', async () => {
    const { status, json } = await post({ id: 'gpt-4', cost_per_1k: 0.03, quality: 0.9 });

    expect(status).toBe(200);
    expect(json).toEqual({
      id: 'gpt-4',
      health: NEVER_CALLED,
      provider: 'simulated',
      model: 'gpt-4',
      price: { input_per_mtok: 30, output_per_mtok: 30 },
      quality: 0.9,
      capabilities: [],
      context_window: 1_000_000,
      max_output_tokens: 4_096,
      latency_ms: 50,
      enabled: true,
      created_at: '2026-01-05T12:00:00.000Z',
      updated_at: '2026-01-05T12:00:00.000Z',
    });
  });

  it('keeps everything that is given', async () => {
    const given = {
      id: 'm',
      model: 'vendor/model',
      price: { input_per_mtok: 1, output_per_mtok: 5 },
      capabilities: ['tools', 'json'],
      context_window: 8_000,
      max_output_tokens: 500,
      latency_ms: 70,
      enabled: false,
      simulated: { quality: { code: 0.9 }, latency_ms: 5, seed: 3 },
    };

    expect((await post(given)).json).toMatchObject(given);
    expect((await get('m')).json).toMatchObject(given);
  });

  it("believes in a simulated model's own latency", async () => {
    expect((await post({ id: 'm', cost_per_1k: 1, simulated: { latency_ms: 5 } })).json.latency_ms).toBe(5);
  });

  it('assumes less of a real one', async () => {
    expect((await post(REAL)).json).toMatchObject({ context_window: 128_000, latency_ms: 1_000 });
  });

  it('replaces the same id, and keeps when it was first made', async () => {
    await post({ id: 'm', cost_per_1k: 1, quality: 0.2 });
    await gateway.clock.advance(1_000);

    expect((await post({ id: 'm', cost_per_1k: 2 })).json).toMatchObject({
      quality: 0.5,
      created_at: '2026-01-05T12:00:00.000Z',
      updated_at: '2026-01-05T12:00:01.000Z',
    });
    expect(JSON.parse((await gateway.asAdmin('GET /admin/adapters')).text)).toHaveLength(1);
  });

  it('shows a change in /v1/models at once, enabled ones only', async () => {
    await post({ id: 'on', cost_per_1k: 1 });
    await post({ id: 'off', cost_per_1k: 1, enabled: false });

    expect((await gateway.asAdmin('GET /v1/models')).json).toEqual({
      object: 'list',
      data: [{ id: 'on', object: 'model', created: 1_767_614_400, owned_by: 'simulated' }],
    });
  });

  it('removes one once', async () => {
    await post({ id: 'm', cost_per_1k: 1 });

    const replies = [await remove('m'), await remove('m'), await get('m')];

    expect(replies.map(({ status, text }) => [status, text === ''])).toEqual([
      [204, true],
      [404, false],
      [404, false],
    ]);
  });

  it('answers 404 to a removal that another one was quicker with', async () => {
    await post({ id: 'm', cost_per_1k: 1 });
    gateway.config.deleteAdapter = async () => false;

    expect((await remove('m')).status).toBe(404);
  });

  it.each(['', 'UPPER', '../etc', 'x'.repeat(65), 'unknown'])('knows no model %j', async (id) => {
    expect((await get(id)).status).toBe(404);
  });

  it.each<[string, object]>([
    ['/id', { id: 'Not An Id' }],
    ['/id', { id: '123-45-6789' }],
    ['/provider', { provider: 'acme' }],
    ['/api_key', { provider: 'bedrock', api_key: 'k' }],
    ['/secret_name', { provider: 'bedrock', secret_name: 's' }],
    ['/base_url', { provider: 'bedrock', base_url: 'https://bedrock-runtime.eu-west-1.example.com' }],
    ['/base_url', { provider: 'bedrock', base_url: 'https://x.execute-api.eu-west-1.amazonaws.com' }],
    ['/cost_per_1k', { cost_per_1k: undefined }],
    ['/cost_per_1k', { price: { input_per_mtok: 1, output_per_mtok: 1 } }],
    ['/cost_per_1k', { cost_per_1k: -1 }],
    ['/quality', { quality: 1.1 }],
    ['/capabilities/0', { capabilities: ['flying'] }],
    ['/context_window', { context_window: 0 }],
    ['/model', { model: 'john.doe@example.com' }],
    ['/simulated/chunks', { simulated: { chunks: 0 } }],
    ['/simulated/quality', { simulated: { quality: { 'john.doe@example.com': 1 } } }],
    ['/secret_name', { api_key: 'k', secret_name: 's' }],
    ['/secret_name', { secret_name: 'pepper' }],
    ['/secret_name', { secret_name: 'admin-key' }],
    ['/secret_name', { secret_name: 'adapters/other' }],
    ['/api_key', { api_key: '' }],
    ['/api_key', { ...REAL, api_key: 'sk-one\n' }],
    ['/api_key', { ...REAL, api_key: 'ключ' }],
    ['/base_url', { ...REAL, base_url: undefined }],
    ['/base_url', { ...REAL, base_url: 'not a url' }],
    ['/base_url', { ...REAL, base_url: 'https://127.0.0.1/v1' }],
    ['/base_url', { ...REAL, base_url: 'https://api.example.com/john.doe%40example.com' }],
    ['/base_url', { ...REAL, base_url: 'https://api.example.com/%E0%A4%A' }],
    ['/simulated', { ...REAL, simulated: {} }],
  ])('names %s in %j', async (path, fields) => {
    const { status, json, text } = await post({ id: 'm', cost_per_1k: 1, ...fields });

    expect([status, json.errors?.map((error) => error.path)]).toEqual([400, [path]]);
    expect(text).not.toMatch(/john|123-45/);
    expect(await gateway.config.listAdapters()).toEqual([]);
  });

  it('names every fault at once', async () => {
    const { json } = await post({
      id: 'm',
      cost_per_1k: 1,
      provider: 'bedrock',
      api_key: 'k',
      simulated: {},
      model: 'a@b.de',
    });

    expect(json.errors?.map(({ path }) => path)).toEqual(['/simulated', '/api_key', '/model']);
  });

  it.each([
    {},
    { model: 'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-v1:0' },
    { base_url: 'https://vpce-0a1b-2c.bedrock-runtime.us-east-1.vpce.amazonaws.com' },
  ])('registers a model of Bedrock: %j', async (fields) => {
    const { status, json } = await post({ id: 'm', provider: 'bedrock', cost_per_1k: 1, ...fields });

    expect([status, json]).toEqual([200, expect.objectContaining(fields)]);
  });

  it('permits a private address where the stage does', async () => {
    gateway = new FakeGateway({ allowPrivateUrls: true });

    expect((await post({ ...REAL, base_url: 'http://127.0.0.1:11434/v1' })).status).toBe(200);
  });

  it.each([{}, { provider: 'simulated' }])(
    'needs a real provider where the stage asks for one: %j',
    async (fields) => {
      gateway = new FakeGateway({
        allowSimulated: false,
        supportedProviders: ['openai', 'openai-compatible'],
      });

      const { status, json } = await post({ id: 'm', cost_per_1k: 1, ...fields });

      expect([status, json.errors?.[0]?.path]).toEqual([400, '/provider']);
    },
  );
});
