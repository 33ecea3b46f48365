/** Models, keys and flags as an operator handles them. */
import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  adapterReply,
  adaptersReply,
  flagsReply,
  keysReply,
  modelsReply,
  newKeyReply,
  planReply,
} from '../../../shared/model/replies.ts';
import { clientWithKey, expectEmpty, expectField, expectProblem, expectReply } from './client.ts';
import { until } from './poll.ts';
import { type Setting, THREE_MODELS } from './setting.ts';

const REVOKED_WITHIN_MS = 30_000;
const DECIDED_WITHIN_MS = 5_000;

const adapters = (setting: () => Setting): void => {
  describe('/admin/adapters', () => {
    test('a model is made, replaced, read, listed and removed', async () => {
      const { admin } = setting();
      const id = setting().unique('model');
      const price = { input_per_mtok: 1.5, output_per_mtok: 6 };
      const made = expectReply(await admin.post('/admin/adapters', { id, price }), adapterReply);
      const replaced = expectReply(
        await admin.post('/admin/adapters', { id, price, quality: 0.8, enabled: false }),
        adapterReply,
      );
      const read = expectReply(await admin.get(`/admin/adapters/${id}`), adapterReply);
      const listed = expectReply(await admin.get('/admin/adapters'), adaptersReply);
      expectEmpty(await admin.delete(`/admin/adapters/${id}`));
      expect(made).toMatchObject({ id, price, quality: 0.5, enabled: true });
      expect(replaced).toMatchObject({ id, quality: 0.8, enabled: false, created_at: made.created_at });
      expect(read).toEqual(replaced);
      expect(listed).toContainEqual(replaced);
      expectProblem(await admin.get(`/admin/adapters/${id}`), 'not_found');
      expectProblem(await admin.delete(`/admin/adapters/${id}`), 'not_found');
    });

    test("a provider's key is never shown, and stands in no table", async () => {
      const { admin } = setting();
      const id = setting().unique('model');
      const api_key = `sk-${randomBytes(24).toString('hex')}`;
      const body = {
        id,
        cost_per_1k: 1,
        provider: 'openai-compatible',
        base_url: 'https://api.example.com/v1',
      };
      const made = await admin.post('/admin/adapters', { ...body, api_key });
      const shown = [made, await admin.get(`/admin/adapters/${id}`), await admin.get('/admin/adapters')];
      expect(expectReply(made, adapterReply).secret_name).toBeDefined();
      for (const reply of shown) expect(reply.text).not.toContain(api_key);
      expectEmpty(await admin.delete(`/admin/adapters/${id}`));
      expect(await setting().target.readEverythingStored()).not.toContain(api_key);
    });

    test('a change shows in the list of models at once, and in decisions within five seconds', async () => {
      const { admin } = setting();
      await setting().useModels(THREE_MODELS);
      const id = setting().unique('model');
      expectReply(await admin.post('/admin/adapters', { id, cost_per_1k: 0.001 }), adapterReply);
      const models = expectReply(await admin.get('/v1/models'), modelsReply);
      const decided = until('the model is a candidate', DECIDED_WITHIN_MS, async () => {
        const plan = expectReply(await admin.post('/v1/plan', { prompt: 'Hello' }), planReply);
        return plan.candidates.find((candidate) => candidate.id === id);
      });
      expect(models.data.map((model) => model.id)).toContain(id);
      expect(await decided).toMatchObject({ eligible: true });
      expectEmpty(await admin.delete(`/admin/adapters/${id}`));
      const afterwards = expectReply(await admin.get('/v1/models'), modelsReply);
      expect(afterwards.data.map((model) => model.id)).not.toContain(id);
    });

    test('a disabled model is listed to operators alone', async () => {
      const { admin } = setting();
      const id = setting().unique('model');
      await admin.post('/admin/adapters', { id, cost_per_1k: 1, enabled: false });
      const models = expectReply(await admin.get('/v1/models'), modelsReply);
      const listed = expectReply(await admin.get('/admin/adapters'), adaptersReply);
      expectEmpty(await admin.delete(`/admin/adapters/${id}`));
      expect(models.data.map((model) => model.id)).not.toContain(id);
      expect(listed.map((adapter) => adapter.id)).toContain(id);
    });

    test.each([
      [{ id: 'UPPER', cost_per_1k: 1 }, '/id'],
      [{ id: 'a'.repeat(65), cost_per_1k: 1 }, '/id'],
      [{ id: 'm' }, '/cost_per_1k'],
      [{ id: 'm', cost_per_1k: 1, price: { input_per_mtok: 1, output_per_mtok: 1 } }, '/cost_per_1k'],
      [{ id: 'm', cost_per_1k: -1 }, '/cost_per_1k'],
      [{ id: 'm', price: { input_per_mtok: 1 } }, '/price/output_per_mtok'],
      [{ id: 'm', cost_per_1k: 1, quality: 1.1 }, '/quality'],
      [{ id: 'm', cost_per_1k: 1, quality: null }, '/quality'],
      [{ id: 'm', cost_per_1k: 1, capabilities: ['flying'] }, '/capabilities/0'],
      [{ id: 'm', cost_per_1k: 1, provider: 'acme' }, '/provider'],
      [{ id: 'm', cost_per_1k: 1, provider: 'openai-compatible' }, '/base_url'],
      [{ id: 'm', cost_per_1k: 1, base_url: 'file:///etc/passwd' }, '/base_url'],
      [{ id: 'm', cost_per_1k: 1, base_url: 'https://user:secret@example.com/' }, '/base_url'],
      [{ id: 'm', cost_per_1k: 1, simulated: { fault: 'flood' } }, '/simulated/fault'],
      [{ id: 'm', cost_per_1k: 1, simulated: { quality: { chat: 2 } } }, '/simulated/quality'],
      [{ id: 'm', cost_per_1k: 1, colour: 'red' }, '/colour'],
    ])('%j is refused', async (body, path) => {
      const problem = expectProblem(await setting().admin.post('/admin/adapters', body), 'invalid_request');
      expect(problem.errors?.some((error) => error.path.startsWith(path))).toBe(true);
    });
  });

  describe('GET /v1/models', () => {
    test("is OpenAI's list", async () => {
      await setting().useModels(THREE_MODELS);
      const { client } = await setting().tenant();
      const models = expectReply(await client.get('/v1/models'), modelsReply);
      expect(models.data.map(({ id }) => id).sort()).toEqual(['claude-3', 'gpt-3.5', 'gpt-4']);
    });
  });
};

const keys = (setting: () => Setting): void => {
  describe('/admin/keys', () => {
    test('a key is shown once, and stands nowhere', async () => {
      const body = { tenant_id: setting().unique('tenant'), name: 'build server' };
      const made = expectReply(await setting().admin.post('/admin/keys', body), newKeyReply, 201);
      const list = await setting().admin.get('/admin/keys');
      const { key, ...shown } = made;
      expect(expectReply(list, keysReply)).toContainEqual(shown);
      expect(made).toMatchObject({ ...body, roles: ['caller'] });
      expect(await setting().target.readEverythingStored()).not.toContain(
        key.slice(key.lastIndexOf('_') + 1),
      );
    });

    test('a revoked key is refused within thirty seconds', async () => {
      const made = await clientWithKey(setting().admin, { tenant_id: setting().unique('tenant') });
      const before = await made.client.get('/v1/models');
      expectEmpty(await setting().admin.delete(`/admin/keys/${made.id}`));
      const refusal = await until('the key is refused', REVOKED_WITHIN_MS, async () => {
        const reply = await made.client.get('/v1/models');
        return reply.status === 200 ? undefined : reply;
      });
      expect(before.status).toBe(200);
      expectProblem(refusal, 'unauthenticated');
      expectProblem(await setting().admin.delete(`/admin/keys/${made.id}`), 'not_found');
    });

    test('an expired key is refused', async () => {
      const expires_at = new Date(Date.now() + 1_500).toISOString();
      const made = await clientWithKey(setting().admin, {
        tenant_id: setting().unique('tenant'),
        expires_at,
      });
      const refusal = await until('the key expires', 5_000, async () => {
        const reply = await made.client.get('/v1/models');
        return reply.status === 200 ? undefined : reply;
      });
      expectProblem(refusal, 'unauthenticated');
      expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expires_at));
    });

    test('an auditor reads and changes nothing', async () => {
      const tenant_id = setting().unique('tenant');
      const { client } = await clientWithKey(setting().admin, { tenant_id, roles: ['auditor'] });
      const read = await client.get('/admin/observations');
      expect(read.status).toBe(200);
      expectProblem(await client.post('/admin/keys', { tenant_id }), 'forbidden');
      expectProblem(await client.post('/v1/ask', { prompt: 'Hello' }), 'forbidden');
    });

    test.each([
      [{}, '/tenant_id'],
      [{ tenant_id: '' }, '/tenant_id'],
      [{ tenant_id: 'a'.repeat(129) }, '/tenant_id'],
      [{ tenant_id: 'acme', roles: [] }, '/roles'],
      [{ tenant_id: 'acme', roles: ['king'] }, '/roles/0'],
      [{ tenant_id: 'acme', name: 7 }, '/name'],
      [{ tenant_id: 'acme', expires_at: '2001-01-01T00:00:00Z' }, '/expires_at'],
      [{ tenant_id: 'acme', expires_at: 'tomorrow' }, '/expires_at'],
    ])('%j is refused', async (body, path) => {
      expectField(await setting().admin.post('/admin/keys', body), path);
    });
  });
};

const flags = (setting: () => Setting): void => {
  describe('/admin/flags', () => {
    test('the emergency switch sends decisions to TypeScript within thirty seconds', async () => {
      const { admin } = setting();
      await setting().useModels(THREE_MODELS);
      const before = expectReply(await admin.get('/admin/flags'), flagsReply);
      const off = await admin.send('PUT', '/admin/flags', { body: { selector: { enabled: false } } });
      const decided = await until('TypeScript decides', 30_000, async () => {
        const plan = expectReply(await admin.post('/v1/plan', { prompt: 'Hello' }), planReply);
        return plan.selector === 'typescript' ? plan.selector : undefined;
      });
      await admin.send('PUT', '/admin/flags', { body: before });
      expect(before).toMatchObject({ selector: { rust_percent: 100, enabled: true } });
      expect(expectReply(off, flagsReply)).toMatchObject({ selector: { rust_percent: 100, enabled: false } });
      expect(decided).toBe('typescript');
      expect(expectReply(await admin.get('/admin/flags'), flagsReply)).toEqual(before);
    });

    test.each([
      [{ selector: { rust_percent: 101 } }, '/selector/rust_percent'],
      [{ selector: { enabled: 'yes' } }, '/selector/enabled'],
      [{ selector: { speed: 1 } }, '/selector/speed'],
      [{}, '/selector'],
    ])('%j is refused', async (body, path) => {
      expectField(await setting().admin.send('PUT', '/admin/flags', { body }), path);
    });
  });
};

export const administration = (setting: () => Setting): void => {
  beforeAll(() => setting().useModels(THREE_MODELS));
  adapters(setting);
  keys(setting);
  flags(setting);
};
