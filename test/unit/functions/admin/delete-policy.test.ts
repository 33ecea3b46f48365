import { beforeEach, describe, expect, it } from 'vitest';
import { FakeGateway } from '../../../support/fakes/gateway.ts';

let gateway: FakeGateway;
beforeEach(async () => {
  gateway = new FakeGateway();
  await put('mine', { strategy: 'ucb1' });
});

const put = (id: string, body: object) => gateway.asAdmin('PUT /admin/policies/{id}', { path: { id }, body });
const get = (id: string) => gateway.asAdmin('GET /admin/policies/{id}', { path: { id } });
const remove = (id: string, headers: Record<string, string> = {}) =>
  gateway.asAdmin('DELETE /admin/policies/{id}', { path: { id }, headers });

describe('a policy that is deleted', () => {
  it('is gone, and routes no request that names it within 5 s', async () => {
    await gateway.withModel('a');
    const key = await gateway.keyOf('acme');
    const body = { model: 'mine', messages: [{ role: 'user', content: 'Explain' }] };
    const chat = () => gateway.call('POST /v1/chat/completions', { key, body });
    expect((await chat()).status).toBe(200);

    expect((await remove('mine')).status).toBe(204);
    await gateway.clock.advance(5_000);

    expect((await get('mine')).status).toBe(404);
    expect((await remove('mine')).status).toBe(404);
    expect((await chat()).status).toBe(404);
  });

  it('may be made again, as its next version', async () => {
    await put('mine', { strategy: 'greedy' });
    await remove('mine');

    expect((await put('mine', { strategy: 'ucb1' })).json.version).toBe(3);
  });

  it('is deleted at the version that was read, where the caller says so', async () => {
    expect((await remove('mine', { 'if-match': '"2"' })).status).toBe(409);
    expect((await remove('mine', { 'if-match': '"1"' })).status).toBe(204);
  });
});

describe('a policy is not deleted', () => {
  it.each(['nothing', 'auto', ''])('where there is none: %j', async (id) => {
    expect((await remove(id)).status).toBe(404);
  });

  it('where it is the default, also one that was replaced', async () => {
    expect((await remove('default')).status).toBe(409);
    await put('default', { strategy: 'ucb1' });

    expect((await remove('default')).status).toBe(409);
    expect((await get('default')).json.version).toBe(1);
  });

  it('while tenants are routed by it', async () => {
    await put('mine', { strategy: 'ucb1', tenants: ['acme', 'globex'] });
    const { status, json } = await remove('mine');

    expect([status, json.errors?.map(({ path }) => path)]).toEqual([409, ['/tenants/0', '/tenants/1']]);
    expect((await get('mine')).status).toBe(200);
  });

  it.each<[string, object]>([
    ['is the challenger of other', { challenger: { policy: 'mine', percent: 5 } }],
    ['is a shadow of other', { shadow: ['mine'] }],
    ['lends its state to other', { learning_state: 'mine' }],
  ])('while it %s', async (message, use) => {
    await put('other', { strategy: 'ucb1', ...use });
    const { status, json } = await remove('mine');

    expect([status, json.errors]).toEqual([409, [{ path: '/id', message }]]);
    await put('other', { strategy: 'ucb1' });
    expect((await remove('mine')).status).toBe(204);
  });

  it('by tenants and auditors', async () => {
    for (const roles of [['caller'], ['auditor']] as const) {
      const key = await gateway.keyOf('acme', [...roles]);
      const call = { key, path: { id: 'mine' } };
      expect((await gateway.call('DELETE /admin/policies/{id}', call)).status).toBe(403);
    }
    expect((await get('mine')).status).toBe(200);
  });
});
