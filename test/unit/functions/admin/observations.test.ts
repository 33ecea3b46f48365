import { beforeEach, describe, expect, it } from 'vitest';
import { FakeGateway } from '../../../support/fakes/gateway.ts';

describe('GET /admin/observations', () => {
  let gateway: FakeGateway;

  beforeEach(async () => {
    gateway = new FakeGateway();
    await gateway.withModel('m');
    for (const tenant of ['acme', 'globex', 'acme']) {
      await gateway.clock.advance(10);
      const key = await gateway.keyOf(tenant);
      await gateway.call('POST /v1/ask', { key, body: { prompt: 'Mail john.doe@example.com' } });
    }
  });

  const page = async (query: Record<string, string> = {}) => {
    const { status, text, headers } = await gateway.asAdmin('GET /admin/observations', { query });
    return { status, headers, items: JSON.parse(text) as Record<string, unknown>[] };
  };

  it('lists the newest first, redacted, without the key of the table', async () => {
    const { items } = await page();

    expect(items.map(({ tenant_id }) => tenant_id)).toEqual(['acme', 'globex', 'acme']);
    expect(items[0]).toMatchObject({
      model: 'm',
      prompt: 'Mail [REDACTED:EMAIL]',
      quality: 'balanced',
      selector: 'rust',
      propensity: 1,
      quality_score: null,
      outcome: 'success',
    });
    expect(items[0]).not.toHaveProperty('id');
  });

  it.each([
    [{ tenant_id: 'globex' }, 1],
    [{ model: 'm' }, 3],
    [{ model: 'other' }, 0],
  ])('filters by %j', async (query, count) => {
    expect((await page(query)).items).toHaveLength(count);
  });

  it('links to the next page with the same filters, until there is none', async () => {
    const seen: unknown[] = [];
    let query: Record<string, string> = { limit: '1', tenant_id: 'acme', model: 'm' };
    for (let pages = 0; pages < 5; pages++) {
      const { items, headers } = await page(query);
      seen.push(...items.map(({ request_id }) => request_id));
      const next = /^<\/admin\/observations\?(.+)>; rel="next"$/.exec(headers.link ?? '')?.[1];
      if (next === undefined) break;
      query = Object.fromEntries(new URLSearchParams(next));
    }

    expect(new Set(seen).size).toBe(2);
    expect(query).toMatchObject({ limit: '1', tenant_id: 'acme', model: 'm' });
  });

  it.each([
    ['/query/limit', { limit: '0' }],
    ['/query/limit', { limit: '1001' }],
    ['/query/limit', { limit: '1e2' }],
    ['/query/limit', { limit: '' }],
    ['/query/tenant_id', { tenant_id: '../x' }],
    ['/query/model', { model: 'NOT' }],
    ['/query/cursor', { cursor: 'nonsense' }],
    ['/query/order', { order: 'oldest' }],
  ])('names %s in %j', async (path, query) => {
    const { status, json } = await gateway.asAdmin('GET /admin/observations', { query });

    expect([status, json.errors?.map((error) => error.path)]).toEqual([400, [path]]);
  });
});
