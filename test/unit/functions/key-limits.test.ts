/** Limits as callers see them: of a key beside its tenant's, and what is used of them. */
import { beforeEach, describe, expect, it } from 'vitest';
import { ownUsageReply } from '../../../shared/model/quota-replies.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';
import type { Reply } from '../../support/fakes/http.ts';

let gateway: FakeGateway;
beforeEach(async () => {
  gateway = new FakeGateway();
  await gateway.withModel('only');
});

const makeKey = async (fields: Record<string, unknown> = {}): Promise<{ id: string; key: string }> => {
  const { status, json } = await gateway.asAdmin('POST /admin/keys', {
    body: { tenant_id: 'acme', ...fields },
  });
  expect(status).toBe(201);
  return json as { id: string; key: string };
};
const ask = (key: string): Promise<Reply> => gateway.call('POST /v1/ask', { key, body: { prompt: 'Hi' } });
const limitTenant = (rate_limit: object): Promise<Reply> =>
  gateway.asAdmin('PUT /admin/quotas/{tenant}', { path: { tenant: 'acme' }, body: { rate_limit } });

describe('a key with a rate_limit', () => {
  it('is shown with it, what is not given having no limit', async () => {
    await makeKey({ rate_limit: { rpm: 2 } });

    const [shown] = JSON.parse((await gateway.asAdmin('GET /admin/keys')).text);

    expect(shown.rate_limit).toEqual({
      rps: null,
      rpm: 2,
      rph: null,
      tokens_per_day: null,
      cost_per_day_usd: null,
      concurrent: null,
    });
  });

  it('is refused at its own limit while another key of the tenant is not', async () => {
    await limitTenant({ rpm: 10 });
    const { key } = await makeKey({ rate_limit: { rpm: 1 } });
    const { key: other } = await makeKey();
    const first = await ask(key);

    const second = await ask(key);

    expect(first.status).toBe(200);
    expect(first.headers).toMatchObject({
      'x-ratelimit-limit': '1',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-limit-minute': '1',
    });
    expect([second.status, second.json]).toMatchObject([
      429,
      { code: 'rate_limited', window: 'minute', scope: 'key', limit: 1 },
    ]);
    expect(second.headers['retry-after']).toBeDefined();
    const reply = await ask(other);
    expect([reply.status, reply.headers['x-ratelimit-remaining']]).toEqual([200, '8']);
  });

  it('may have a budget: 402 names it', async () => {
    const { key } = await makeKey({ rate_limit: { cost_per_day_usd: 0 } });

    expect(await ask(key)).toMatchObject({
      status: 402,
      json: { code: 'budget_exhausted', window: 'cost_per_day_usd', scope: 'key' },
    });
  });

  it('shares what counts with the key that replaces it', async () => {
    const { id, key } = await makeKey({ rate_limit: { rpm: 3 } });
    await ask(key);
    const rotated = await gateway.asAdmin('POST /admin/keys/{id}/rotate', { path: { id }, body: {} });
    const again = await gateway.asAdmin('POST /admin/keys/{id}/rotate', {
      path: { id: String(rotated.json.id) },
      body: {},
    });

    const replies = [await ask(String(rotated.json.key)), await ask(String(again.json.key)), await ask(key)];

    expect(replies.map(({ status }) => status)).toEqual([200, 200, 429]);
  });

  it('is refused where a limit is not one', async () => {
    const { status, json } = await gateway.asAdmin('POST /admin/keys', {
      body: { tenant_id: 'acme', rate_limit: { rpm: -1, rpd: 4 } },
    });

    expect([status, json.errors]).toMatchObject([
      400,
      [{ path: '/rate_limit/rpm' }, { path: '/rate_limit/rpd' }],
    ]);
  });
});

describe('GET /v1/usage', () => {
  const usage = async (key: string) => {
    const reply = await gateway.call('GET /v1/usage', { key });
    expect(reply.status).toBe(200);
    return ownUsageReply.parse(reply.json);
  };

  it("shows the caller's own tenant and key: used, held and free are the limit", async () => {
    await limitTenant({ rpm: 10, tokens_per_day: 1_000_000 });
    const { id, key } = await makeKey({ rate_limit: { rph: 5 } });
    const { json } = await ask(key);
    const tokens = Number(json.tokens_in) + Number(json.tokens_out);

    const { tenant_id, tier, day, limits, key: ofKey } = await usage(key);

    expect([tenant_id, tier, day]).toEqual(['acme', 'enterprise', '2026-01-05']);
    expect(limits.minute).toEqual({
      ...{ limit: 10, used: 1, held: 0, free: 9 },
      resets_at: '2026-01-05T12:01:01.000Z',
    });
    expect(limits.tokens_per_day).toEqual({
      ...{ limit: 1_000_000, used: tokens, held: 0, free: 1_000_000 - tokens },
      resets_at: '2026-01-06T00:00:00.000Z',
    });
    expect(limits.hour).toEqual({ limit: null, used: 0, held: 0, free: null, resets_at: null });
    expect(limits.cost_per_day_usd.used).toBeCloseTo(Number(json.cost_usd), 9);
    expect([ofKey?.id, ofKey?.limits.hour.free]).toEqual([id, 4]);
  });

  it('is empty for a tenant of which nothing is known', async () => {
    const { key } = await makeKey();

    expect(
      Object.values((await usage(key)).limits).every(({ limit, used }) => limit === null && used === 0),
    ).toBe(true);
  });

  it('shows nothing of another tenant', async () => {
    const { key } = await makeKey();

    const reply = await gateway.call('GET /v1/usage', { key, headers: { 'x-tenant-id': 'other' } });

    expect(reply.status).toBe(403);
  });
});

describe('PUT /admin/quotas/{tenant}', () => {
  it('puts the quota in force as POST does, and GET shows how each limit stands', async () => {
    const put = await limitTenant({ rph: 7 });
    expect([put.status, put.json]).toMatchObject([
      200,
      { tenant_id: 'acme', rate_limit: { rph: 7, rpm: null } },
    ]);
    const { key } = await makeKey();
    await ask(key);

    const got = await gateway.asAdmin('GET /admin/quotas/{tenant}', { path: { tenant: 'acme' } });

    expect(got.json.limits).toMatchObject({ hour: { limit: 7, used: 1, held: 0, free: 6 } });
  });

  it('takes no tenant in the body, and none that is not one in the path', async () => {
    const body = { tenant_id: 'acme', rate_limit: {} };
    const named = await gateway.asAdmin('PUT /admin/quotas/{tenant}', { path: { tenant: 'acme' }, body });
    const odd = await gateway.asAdmin('PUT /admin/quotas/{tenant}', { path: { tenant: '-' }, body: {} });

    expect([named.status, odd.status]).toEqual([400, 404]);
    expect(named.json.errors).toMatchObject([{ path: '/tenant_id' }]);
  });
});
