/** Who may call what, in which order a request is judged, ids of requests, and health. */
import { beforeAll, describe, expect, test } from 'vitest';
import { askReply, healthReply, healthzReply, observationsReply } from '../../../shared/model/replies.ts';
import { bearer, clientWithKey, expectField, expectProblem, expectReply } from './client.ts';
import { type Setting, THREE_MODELS } from './setting.ts';

const mistyped = (key: string): string => `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`;

export const access = (setting: () => Setting): void => {
  describe('keys and tenants', () => {
    beforeAll(() => setting().useModels(THREE_MODELS));

    test('both headers carry a key', async () => {
      const { key } = await setting().tenant();
      const nobody = setting().admin.anonymous();
      const replies = await Promise.all([
        nobody.get('/v1/models', bearer(key)),
        nobody.get('/v1/models', { authorization: `bearer ${key}` }),
        nobody.get('/v1/models', { 'x-api-key': key }),
      ]);
      expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
    });

    test('no key, a malformed one and a mistyped one are 401', async () => {
      const { key } = await setting().tenant();
      const nobody = setting().admin.anonymous();
      for (const headers of [
        {},
        bearer('nonsense'),
        bearer(mistyped(key)),
        bearer(mistyped(setting().target.adminKey)),
        { authorization: 'Basic dXNlcjpwYXNz' },
        { authorization: key.replace('atp_', 'ATP_') },
        { 'x-api-key': `${key}x` },
      ]) {
        const problem = expectProblem(await nobody.get('/v1/models', headers), 'unauthenticated');
        expect(problem.detail).not.toContain(key);
      }
    });

    test("a tenant's key on /admin is 403", async () => {
      const { client } = await setting().tenant();
      expectProblem(await client.get('/admin/adapters'), 'forbidden');
      expectProblem(await client.post('/admin/keys', { tenant_id: 'acme' }), 'forbidden');
    });

    test("naming one's own tenant is fine, another is 403", async () => {
      const { id, client } = await setting().tenant();
      const own = await client.get('/v1/models', { 'x-tenant-id': id });
      expect(own.status).toBe(200);
      expectProblem(await client.get('/v1/models', { 'x-tenant-id': 'default' }), 'forbidden');
    });

    test("an operator acts for the tenant named, else for 'default'", async () => {
      const { admin } = setting();
      const tenant = setting().unique('tenant');
      const ask = (headers?: Record<string, string>) => admin.post('/v1/ask', { prompt: 'Hello' }, headers);
      const named = expectReply(await ask({ 'x-tenant-id': tenant }), askReply);
      const unnamed = expectReply(await ask(), askReply);
      const list = expectReply(await admin.get('/admin/observations?limit=2'), observationsReply);
      expect(list.map(({ request_id, tenant_id }) => [request_id, tenant_id])).toEqual([
        [unnamed.request_id, 'default'],
        [named.request_id, tenant],
      ]);
    });

    test('an operator that names no possible tenant is refused', async () => {
      const reply = await setting().admin.get('/v1/models', { 'x-tenant-id': '../etc' });
      expectField(reply, '/headers/x-tenant-id');
    });
  });

  describe('the order of checks', () => {
    const garbage = { raw: '{', headers: { 'content-type': 'text/plain' } };

    test('route and method come before the key', async () => {
      const nobody = setting().admin.anonymous();
      expectProblem(await nobody.get('/v1/nothing'), 'not_found');
      expectProblem(await nobody.get('/v1/ask'), 'method_not_allowed');
    });

    test('the key comes before the body', async () => {
      expectProblem(await setting().admin.anonymous().send('POST', '/v1/ask', garbage), 'unauthenticated');
    });

    test('the role comes before the body', async () => {
      const { client } = await setting().tenant();
      expectProblem(await client.send('POST', '/admin/keys', garbage), 'forbidden');
    });

    test('the tenant comes before the body', async () => {
      const { client } = await setting().tenant();
      const headers = { ...garbage.headers, 'x-tenant-id': 'default' };
      expectProblem(await client.send('POST', '/v1/ask', { ...garbage, headers }), 'forbidden');
    });

    test('the media type comes before the body', async () => {
      const { client } = await setting().tenant();
      expectProblem(await client.send('POST', '/v1/ask', garbage), 'unsupported_media_type');
    });

    test('the body comes before the models and the limits', async () => {
      const { client } = await setting().tenant({ rate_limit: { rph: 0 } });
      expectField(await client.post('/v1/ask', { prompt: '', max_cost_usd: 0 }), '/prompt');
    });

    test('a refused body counts against no limit', async () => {
      const { client } = await setting().tenant({ rate_limit: { rph: 1 } });
      const refused = await client.post('/v1/ask', { prompt: 7 });
      const answered = await client.post('/v1/ask', { prompt: 'Hello' });
      expect([refused.status, answered.status]).toEqual([400, 200]);
    });
  });

  describe('x-request-id', () => {
    beforeAll(() => setting().useModels(THREE_MODELS));

    const sent = async (offered: string): Promise<string | null> => {
      const reply = await setting().admin.get('/v1/models', { 'x-request-id': offered });
      return reply.headers.get('x-request-id');
    };

    test.each(['12345678', 'a'.repeat(64), 'Order_7.step-2'])('%s is taken over', async (offered) => {
      expect(await sent(offered)).toBe(offered);
    });

    test.each([
      '1234567',
      'a'.repeat(65),
      'with space',
      'john.doe@example.com',
      '123-45-6789',
      'user.123-45-6789',
      '4111111111111111',
      'slash/slash',
    ])('%s is not', async (offered) => {
      expect(await sent(offered)).not.toBe(offered);
    });

    test('an answer is scored by the id the caller chose', async () => {
      const { client } = await setting().tenant();
      const chosen = setting().unique('chosen');
      const answer = expectReply(
        await client.post('/v1/ask', { prompt: 'Hello' }, { 'x-request-id': chosen }),
        askReply,
      );
      const scored = await client.post('/v1/observe', { request_id: chosen, quality_score: 1 });
      expect(answer.request_id).toBe(chosen);
      expect(scored.status).toBe(200);
    });
  });

  describe('health', () => {
    test('/healthz needs no key', async () => {
      const reply = await setting().admin.anonymous().get('/healthz');
      expect(expectReply(reply, healthzReply)).toEqual({ status: 'ok' });
    });

    test.each(['/livez', '/readyz', '/startupz'])('%s reports its checks', async (path) => {
      const report = expectReply(await setting().admin.anonymous().get(path), healthReply);
      expect(report.status).toBe('healthy');
    });

    test('readiness names what it leans on', async () => {
      const report = expectReply(await setting().admin.anonymous().get('/readyz'), healthReply);
      expect(Object.keys(report.checks).length).toBeGreaterThan(1);
    });

    test('no model enabled means not ready', async () => {
      await setting().useModels([{ id: 'asleep', cost_per_1k: 1, enabled: false }]);
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      const reply = await setting().admin.anonymous().get('/readyz');
      await setting().useModels(THREE_MODELS);
      expect([reply.status, healthReply.parse(JSON.parse(reply.text)).status]).toEqual([503, 'unhealthy']);
      expect(reply.headers.get('retry-after')).toBe('1');
    });
  });

  describe('roles', () => {
    test('a developer asks for its own tenant', async () => {
      await setting().useModels(THREE_MODELS);
      const key = { tenant_id: setting().unique('tenant'), roles: ['developer'] };
      const { client } = await clientWithKey(setting().admin, key);
      expectReply(await client.post('/v1/ask', { prompt: 'Hello' }), askReply);
    });
  });
};
