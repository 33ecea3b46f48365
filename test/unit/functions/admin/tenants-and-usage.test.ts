import { beforeEach, describe, expect, it } from 'vitest';
import { tenantReply, tenantsReply, usageReply } from '../../../../shared/model/admin-replies.ts';
import type { Outcome } from '../../../../shared/model/observation.ts';
import { usageReport } from '../../../../shared/services/usage-report.ts';
import { FakeGateway } from '../../../support/fakes/gateway.ts';
import { Happened } from '../../../support/fakes/happened.ts';

const DAY = 86_400_000;

let gateway: FakeGateway;
beforeEach(() => {
  gateway = new FakeGateway();
});

describe('GET /admin/tenants', () => {
  it('shows whom a key, a limit or a policy names, and the default one', async () => {
    await gateway.keyOf('with-key');
    await gateway.keyOf('with-key');
    await gateway.asAdmin('POST /admin/quotas', { body: { tenant_id: 'with-quota', tier: 'pro' } });
    await gateway.asAdmin('PUT /admin/policies/{id}', {
      path: { id: 'careful' },
      body: { strategy: 'greedy', tenants: ['with-policy'] },
    });

    const { text } = await gateway.asAdmin('GET /admin/tenants');

    expect(tenantsReply.parse(JSON.parse(text))).toEqual([
      { tenant_id: 'default', keys: 0, tier: null, policy: 'default' },
      { tenant_id: 'with-key', keys: 2, tier: null, policy: 'default' },
      { tenant_id: 'with-policy', keys: 0, tier: null, policy: 'careful' },
      { tenant_id: 'with-quota', keys: 0, tier: 'pro', policy: 'default' },
    ]);
  });

  it('of one shows keys without secrets, limits, use and policy', async () => {
    await gateway.withModel('m');
    await gateway.asAdmin('POST /admin/quotas', { body: { tenant_id: 'acme', tier: 'free' } });
    const key = await gateway.keyOf('acme');
    await gateway.call('POST /v1/ask', { key, body: { prompt: 'p' } });

    const { json, text } = await gateway.asAdmin('GET /admin/tenants/{id}', { path: { id: 'acme' } });

    expect(tenantReply.parse(json)).toMatchObject({
      tenant_id: 'acme',
      policy: 'default',
      keys: [{ tenant_id: 'acme', roles: ['caller'] }],
      quota: { tier: 'free' },
      use: { day: '2026-01-05', in_flight: 0 },
    });
    expect((json.use as { tokens_used: number }).tokens_used).toBeGreaterThan(0);
    expect(text).not.toContain('hash');
  });

  it.each(['nobody', '../x', 'jöhn'])('of %s is 404', async (id) => {
    expect((await gateway.asAdmin('GET /admin/tenants/{id}', { path: { id } })).status).toBe(404);
  });

  it('of the default tenant, and of one that only asked, is there', async () => {
    await gateway.withModel('m');
    await gateway.asAdmin('POST /v1/ask', { body: { prompt: 'p' }, headers: { 'x-tenant-id': 'asked' } });

    for (const id of ['default', 'asked']) {
      const { status, json } = await gateway.asAdmin('GET /admin/tenants/{id}', { path: { id } });
      expect([status, json.quota, json.keys]).toEqual([200, null, []]);
    }
  });
});

describe('GET /admin/usage', () => {
  let happened: Happened;
  beforeEach(() => {
    happened = new Happened(gateway.clock);
  });
  const happen = async (
    day: number,
    fields: { tenant_id?: string; model?: string; outcome?: Outcome; cost_usd?: number } = {},
  ) => {
    await gateway.observations.commit([
      happened.make({ tokens_in: 10, tokens_out: 5, ...fields }, day * DAY),
    ]);
  };
  const usage = async (query: Record<string, string> = {}) => {
    const { status, text } = await gateway.asAdmin('GET /admin/usage', { query });
    expect(status).toBe(200);
    return usageReply.parse(JSON.parse(text));
  };

  it('adds up by day, tenant and model, the newest day first', async () => {
    await happen(0, { tenant_id: 'acme', model: 'm', cost_usd: 0.1 });
    await happen(0, { tenant_id: 'acme', model: 'm', cost_usd: 0.2, outcome: 'timeout' });
    await happen(0, { tenant_id: 'acme', model: 'n' });
    await happen(1, { tenant_id: 'globex', model: 'm' });
    await happen(7, { tenant_id: 'acme', model: 'm' });

    const rows = await usage();

    expect(rows.map(({ day, tenant_id, model }) => [day, tenant_id, model])).toEqual([
      ['2026-01-05', 'acme', 'm'],
      ['2026-01-05', 'acme', 'n'],
      ['2026-01-04', 'globex', 'm'],
    ]);
    expect(rows[0]).toMatchObject({
      requests: 2,
      failed: 1,
      tokens_in: 20,
      tokens_out: 10,
      cost_usd: 0.3,
    });
  });

  it('takes in the first and the last day, of one tenant or model', async () => {
    for (const day of [0, 1, 2, 3]) await happen(day, { tenant_id: 'acme', model: 'm' });
    await happen(1, { tenant_id: 'globex', model: 'n' });

    const span = { from: '2026-01-03', to: '2026-01-04' };
    const daysOf = async (query: Record<string, string>) => (await usage(query)).map(({ day }) => day);

    expect(await daysOf({ ...span, tenant_id: 'acme' })).toEqual(['2026-01-04', '2026-01-03']);
    expect(await daysOf({ ...span, model: 'n' })).toEqual(['2026-01-04']);
    expect(await daysOf({ from: '2026-01-05' })).toEqual(['2026-01-05']);
  });

  it('goes on by its cursor where there is more than is read at once', async () => {
    const one = happened.make({ tenant_id: 'acme', model: 'm' }).observation;
    let pages = 0;
    const list = async () => ({ items: [one], ...(++pages < 13 ? { cursor: `c${pages}` } : {}) });

    const first = await usageReport({ list }, { since: 0, until: Infinity }, async () => undefined);
    const second = await usageReport(
      { list },
      { since: 0, until: Infinity, cursor: 'c10' },
      async () => undefined,
    );

    expect([first.rows[0]?.requests, first.cursor]).toEqual([10, 'c10']);
    expect([second.rows[0]?.requests, second.cursor]).toEqual([3, undefined]);
  });
});
