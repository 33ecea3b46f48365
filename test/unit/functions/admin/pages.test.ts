/** Every listing of operators: the same pages, the same refusals. */
import { beforeEach, describe, expect, it } from 'vitest';
import { QUERIES } from '../../../../functions/admin/query-schema.ts';
import { ROUTES } from '../../../../shared/config/routes.ts';
import { FakeGateway } from '../../../support/fakes/gateway.ts';

const IDS = ['a', 'b', 'c', 'd', 'e'];

describe('listings by id', () => {
  let gateway: FakeGateway;

  beforeEach(async () => {
    gateway = new FakeGateway();
    for (const id of IDS) {
      await gateway.withModel(id);
      await gateway.keyOf(id);
      await gateway.asAdmin('POST /admin/quotas', { body: { tenant_id: id } });
      await gateway.asAdmin('PUT /admin/policies/{id}', {
        path: { id: `p-${id}` },
        body: { strategy: 'greedy' },
      });
    }
  });

  const follow = async (target: string, first: Record<string, string>) => {
    const seen: Record<string, unknown>[] = [];
    let query = first;
    for (let pages = 0; pages < 20; pages++) {
      const { status, text, headers } = await gateway.asAdmin(target, { query });
      expect(status).toBe(200);
      const items = JSON.parse(text) as Record<string, unknown>[];
      expect(items.length).toBeLessThanOrEqual(Number(first.limit));
      seen.push(...items);
      const next = /^<\/admin\/\w+\?(.+)>; rel="next"$/.exec(headers.link ?? '')?.[1];
      if (next === undefined) return seen;
      query = Object.fromEntries(new URLSearchParams(next));
    }
    throw new Error('the pages do not end');
  };

  it.each([
    ['GET /admin/adapters', 'id', IDS],
    ['GET /admin/quotas', 'tenant_id', IDS],
    ['GET /admin/tenants', 'tenant_id', [...IDS, 'default'].sort()],
    ['GET /admin/policies', 'id', ['default', ...IDS.map((id) => `p-${id}`)]],
  ])('%s gives each once, in order, in pages of any size', async (target, name, wanted) => {
    for (const limit of ['1', '2', '5', '1000'])
      expect((await follow(target, { limit })).map((item) => item[name])).toEqual(wanted);
  });

  it('keys are listed of one tenant too, page by page', async () => {
    await gateway.keyOf('a');
    const keys = await follow('GET /admin/keys', { limit: '1', tenant_id: 'a' });

    expect(keys.map(({ tenant_id }) => tenant_id)).toEqual(['a', 'a']);
    expect(await follow('GET /admin/keys', { limit: '2' })).toHaveLength(6);
  });

  it('shows all where nobody asks for pages', async () => {
    const { text, headers } = await gateway.asAdmin('GET /admin/adapters');

    expect(JSON.parse(text)).toHaveLength(5);
    expect(headers.link).toBeUndefined();
  });
});

describe('queries', () => {
  const paths = async (target: string, query: Record<string, string>) => {
    const { status, json } = await new FakeGateway().asAdmin(target, { query, path: { id: 'default' } });
    return [status, json.errors?.map(({ path }) => path)];
  };

  it.each(Object.keys(QUERIES))('%s names what it does not know', async (target) => {
    expect(await paths(target, { nonsense: '1' })).toEqual([400, ['/query/nonsense']]);
    expect(await paths(target, { cursor: '{' })).toEqual([400, ['/query/cursor']]);
  });

  it.each(['GET /admin/flags', 'GET /admin/drain', 'GET /admin/policies/{id}', 'GET /admin/tenants/{id}'])(
    '%s takes none',
    async (target) => {
      expect(await paths(target, { limit: '1' })).toEqual([400, ['/query/limit']]);
    },
  );

  it.each([
    ['GET /admin/observations', { outcome: 'great' }, '/query/outcome'],
    ['GET /admin/observations', { since: 'yesterday' }, '/query/since'],
    ['GET /admin/observations', { until: '2026-13-01T00:00:00Z' }, '/query/until'],
    ['GET /admin/events', { type: 'nothing' }, '/query/type'],
    ['GET /admin/usage', { from: '2026-02-30' }, '/query/from'],
    ['GET /admin/usage', { from: '2026-01-02', to: '2026-01-01' }, '/query/to'],
    ['GET /admin/usage', { from: '2025-01-01', to: '2026-01-01' }, '/query/from'],
  ])('%s refuses %j by its name', async (target, query, path) => {
    expect(await paths(target, query)).toEqual([400, [path]]);
  });

  it('are of routes that there are', () => {
    const known = ROUTES.map(({ method, resource }) => `${method} ${resource}`);
    expect(Object.keys(QUERIES).filter((key) => !known.includes(key))).toEqual([]);
  });
});
