/** Scoring an earlier answer, and reading observations. */
import { beforeAll, describe, expect, test } from 'vitest';
import { askReply, observationsReply, observeReply } from '../../../shared/model/replies.ts';
import { expectField, expectProblem, expectReply } from './client.ts';
import { type Setting, THREE_MODELS } from './setting.ts';

export const feedback = (setting: () => Setting): void => {
  describe('POST /v1/observe', () => {
    beforeAll(() => setting().useModels(THREE_MODELS));

    const answered = async () => {
      const tenant = await setting().tenant();
      const { request_id } = expectReply(await tenant.client.post('/v1/ask', { prompt: 'Hello' }), askReply);
      return { ...tenant, request_id };
    };

    test('a score shows in the observation at once', async () => {
      const { id, client, request_id } = await answered();
      const reply = await client.post('/v1/observe', { request_id, quality_score: 0.75 });
      expect(expectReply(reply, observeReply)).toEqual({ status: 'ok' });
      const list = await setting().admin.get(`/admin/observations?tenant_id=${id}`);
      expect(expectReply(list, observationsReply)).toMatchObject([{ request_id, quality_score: 0.75 }]);
    });

    test('the same again is fine, another score or other labels are a conflict', async () => {
      const { client, request_id } = await answered();
      const score = { request_id, quality_score: 1, labels: { reviewer: 'team-a' } };
      const observe = (change: object) => client.post('/v1/observe', { ...score, ...change });
      expectReply(await observe({}), observeReply);
      expectReply(await observe({}), observeReply);
      expectProblem(await observe({ quality_score: 0.5 }), 'conflict');
      expectProblem(await observe({ labels: { reviewer: 'team-b' } }), 'conflict');
    });

    test('an unknown request is 404', async () => {
      const { client } = await setting().tenant();
      const body = { request_id: '01890000-0000-7000-8000-000000000000', quality_score: 1 };
      expectProblem(await client.post('/v1/observe', body), 'not_found');
    });

    test("another tenant's request is 404 too", async () => {
      const { request_id } = await answered();
      const { client } = await setting().tenant();
      expectProblem(await client.post('/v1/observe', { request_id, quality_score: 1 }), 'not_found');
    });

    test('an operator scores for the tenant it names', async () => {
      const { id, request_id } = await answered();
      const body = { request_id, quality_score: 1 };
      const unnamed = await setting().admin.post('/v1/observe', body);
      const named = await setting().admin.post('/v1/observe', body, { 'x-tenant-id': id });
      expect([unnamed.status, named.status]).toEqual([404, 200]);
    });

    test('a score outside 0..1 is refused by name', async () => {
      const { client, request_id } = await answered();
      const reply = await client.post('/v1/observe', { request_id, quality_score: 1.01 });
      expectField(reply, '/quality_score');
    });
  });

  describe('GET /admin/observations', () => {
    beforeAll(() => setting().useModels(THREE_MODELS));

    test('pages follow each other, newest first, without gap or repetition', async () => {
      const { id, client } = await setting().tenant();
      const asked: string[] = [];
      for (let count = 0; count < 5; count++) {
        const reply = await client.post('/v1/ask', { prompt: `Question ${count}` });
        asked.unshift(expectReply(reply, askReply).request_id);
      }
      const seen: string[] = [];
      const sizes: number[] = [];
      let path: string | undefined = `/admin/observations?tenant_id=${id}&limit=2`;
      while (path !== undefined && sizes.length < 10) {
        const reply = await setting().admin.get(path);
        const page = expectReply(reply, observationsReply);
        sizes.push(page.length);
        seen.push(...page.map(({ request_id }) => request_id));
        path = /^<([^>]+)>; rel="next"$/.exec(reply.headers.get('link') ?? '')?.[1];
      }
      expect(seen).toEqual(asked);
      expect(sizes.slice(0, 3)).toEqual([2, 2, 1]);
    });

    test('they can be narrowed to a model', async () => {
      const { id, client } = await setting().tenant();
      const answer = expectReply(await client.post('/v1/ask', { prompt: 'Hello' }), askReply);
      const other = THREE_MODELS.find((model) => model.id !== answer.model_used)?.id ?? '';
      const list = (model: string) =>
        setting().admin.get(`/admin/observations?tenant_id=${id}&model=${model}`);
      expect(expectReply(await list(answer.model_used), observationsReply)).toHaveLength(1);
      expect(expectReply(await list(other), observationsReply)).toHaveLength(0);
    });

    test.each([
      ['limit=0', '/query/limit'],
      ['limit=1001', '/query/limit'],
      ['limit=ten', '/query/limit'],
      ['limit=1.5', '/query/limit'],
      ['tenant_id=', '/query/tenant_id'],
      ['model=UPPER', '/query/model'],
      ['colour=red', '/query/colour'],
    ])('%s is refused', async (query, path) => {
      expectField(await setting().admin.get(`/admin/observations?${query}`), path);
    });

    test('a cursor that is none of ours is refused', async () => {
      const reply = await setting().admin.get('/admin/observations?cursor=bm9uc2Vuc2U');
      expectField(reply, '/query/cursor');
    });
  });
};
