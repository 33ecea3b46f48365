import { beforeEach, describe, expect, it } from 'vitest';
import { FakeGateway } from '../../../support/fakes/gateway.ts';

let gateway: FakeGateway;

beforeEach(() => {
  gateway = new FakeGateway();
});

describe('/admin/quotas', () => {
  const post = (body: object) => gateway.asAdmin('POST /admin/quotas', { body });
  const get = (tenant: string) => gateway.asAdmin('GET /admin/quotas/{tenant}', { path: { tenant } });

  it("fills in the tier's defaults and shows what is in force", async () => {
    const { status, json } = await post({ tenant_id: 'acme', tier: 'free', rate_limit: { rps: 100_000 } });

    expect(status).toBe(200);
    expect(json).toEqual({
      tenant_id: 'acme',
      tier: 'free',
      rate_limit: {
        rps: 100_000,
        rpm: 100,
        rph: 2_000,
        tokens_per_day: 500_000,
        cost_per_day_usd: 5,
        concurrent: 10,
      },
      burst_multiplier: 1,
      updated_at: '2026-01-05T12:00:00.000Z',
    });
    expect(JSON.parse((await gateway.asAdmin('GET /admin/quotas')).text)).toEqual([json]);
  });

  it('takes limits as high as anyone wants', async () => {
    const rate_limit = { rps: 100_000, tokens_per_day: 1e12, cost_per_day_usd: 1e9 };

    expect((await post({ tenant_id: 'acme', rate_limit })).json.rate_limit).toMatchObject(rate_limit);
  });

  it('keeps the tier when none is named', async () => {
    await post({ tenant_id: 'acme', tier: 'pro' });

    expect((await post({ tenant_id: 'acme', burst_multiplier: 2 })).json).toMatchObject({
      tier: 'pro',
      burst_multiplier: 2,
      rate_limit: { rps: 50 },
    });
  });

  it('shows a tenant with what it used and holds', async () => {
    await post({ tenant_id: 'acme' });

    expect((await get('acme')).json).toMatchObject({
      tenant_id: 'acme',
      use: {
        day: '2026-01-05',
        tokens_used: 0,
        cost_used_usd: 0,
        tokens_held: 0,
        cost_held_usd: 0,
        in_flight: 0,
      },
    });
  });

  it('shows the use of a tenant without a quota', async () => {
    await gateway.withModel('m');
    const key = await gateway.keyOf('acme');
    await gateway.call('POST /v1/ask', { key, body: { prompt: 'Explain' } });

    const { json } = await get('acme');

    expect(json).toMatchObject({ tier: 'enterprise', rate_limit: { rps: null } });
    expect(json.use).toMatchObject({ tokens_used: expect.any(Number), in_flight: 0 });
  });

  it.each(['unknown', '', 'a b'])('knows no tenant %j', async (tenant) => {
    expect((await get(tenant)).status).toBe(404);
  });

  it.each<[string, object]>([
    ['/tenant_id', { tenant_id: '123-45-6789' }],
    ['/rate_limit/rps', { tenant_id: 'acme', rate_limit: { rps: 1.5 } }],
    ['/rate_limit/rpm', { tenant_id: 'acme', rate_limit: { rpm: -1 } }],
    ['/rate_limit/rps', { tenant_id: 'acme', rate_limit: { rps: null } }],
    ['/rate_limit/rpd', { tenant_id: 'acme', rate_limit: { rpd: 1 } }],
    ['/burst_multiplier', { tenant_id: 'acme', burst_multiplier: 0.5 }],
    ['/tier', { tenant_id: 'acme', tier: 'gold' }],
  ])('names %s in %j', async (path, body) => {
    const { status, json } = await post(body);

    expect([status, json.errors?.map((error) => error.path)]).toEqual([400, [path]]);
  });
});

describe('/admin/flags', () => {
  const put = (body: object) => gateway.asAdmin('PUT /admin/flags', { body });

  it('starts with Rust deciding', async () => {
    expect((await gateway.asAdmin('GET /admin/flags')).json).toEqual({
      selector: { rust_percent: 100, enabled: true },
      pii: { detector: 'rules' },
    });
  });

  it('leaves alone what a change does not name', async () => {
    await put({ selector: { rust_percent: 25 } });

    await put({ pii: { detector: 'shadow' } });

    const flags = { selector: { rust_percent: 25, enabled: false }, pii: { detector: 'shadow' } };
    expect((await put({ selector: { enabled: false } })).json).toEqual(flags);
    expect(await gateway.config.getFlags()).toEqual(flags);
  });

  it('is the switch that asks obey', async () => {
    await gateway.withModel('m');
    await put({ selector: { enabled: false } });
    const key = await gateway.keyOf('acme');

    const { headers } = await gateway.call('POST /v1/ask', { key, body: { prompt: 'Explain' } });

    expect(headers['x-atp-selector']).toBe('typescript');
  });

  it.each([
    {},
    { selector: { rust_percent: 101 } },
    { selector: { enabled: 'no' } },
    { selector: {}, more: 1 },
    { pii: { detector: 'model' } },
  ])('refuses %j', async (body) => {
    expect((await put(body)).status).toBe(400);
  });
});
