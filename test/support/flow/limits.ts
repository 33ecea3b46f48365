/** Limits: who they count for, how they are told, and what tiers grant. */
import { beforeAll, describe, expect, test } from 'vitest';
import { quotaReply, quotasReply, quotaUseReply } from '../../../shared/model/quota-replies.ts';
import { askReply } from '../../../shared/model/replies.ts';
import { expectField, expectProblem, expectReply } from './client.ts';
import { until } from './poll.ts';
import { type Setting, THREE_MODELS } from './setting.ts';

export const limits = (setting: () => Setting): void => {
  describe('limits', () => {
    beforeAll(() => setting().useModels(THREE_MODELS));

    test('the headers count down the tightest window', async () => {
      const { client } = await setting().tenant({ rate_limit: { rpm: 3, rph: 100 } });
      const replies = [];
      for (let count = 0; count < 4; count++) replies.push(await client.post('/v1/ask', { prompt: 'Hello' }));
      expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
      expect(replies.map(({ headers }) => headers.get('x-ratelimit-limit'))).toEqual(['3', '3', '3', '3']);
      expect(replies.map(({ headers }) => headers.get('x-ratelimit-remaining'))).toEqual([
        '2',
        '1',
        '0',
        '0',
      ]);
      for (const { headers } of replies) {
        const reset = Number(headers.get('x-ratelimit-reset'));
        expect(reset).toBeGreaterThan(0);
        expect(reset).toBeLessThanOrEqual(61);
      }
    });

    test('a refusal names the window, and waiting as long as retry-after says helps', async () => {
      const { client } = await setting().tenant({ rate_limit: { rps: 1 } });
      const refused = await until('one is refused', 60_000, async () => {
        const asks = [1, 2, 3, 4].map(() => client.post('/v1/ask', { prompt: 'Hello' }));
        return (await Promise.all(asks)).find(({ status }) => status === 429);
      });
      const problem = expectProblem(refused, 'rate_limited');
      const seconds = Number(refused.headers.get('retry-after'));
      await new Promise((resolve) => setTimeout(resolve, seconds * 1_000 + 100));
      const later = await client.post('/v1/ask', { prompt: 'Hello' });
      expect(problem).toMatchObject({ window: 'second', limit: 1 });
      expect(problem.reset_at).toBeDefined();
      expect(later.status).toBe(200);
    });

    test("one tenant's limit is not another's", async () => {
      const limited = await setting().tenant({ rate_limit: { rph: 1 } });
      const other = await setting().tenant({ rate_limit: { rph: 1 } });
      const asks = [limited, limited, other].map(
        ({ client }) =>
          () =>
            client.post('/v1/ask', { prompt: 'Hi' }),
      );
      const statuses = [];
      for (const ask of asks) statuses.push((await ask()).status);
      expect(statuses).toEqual([200, 429, 200]);
    });

    test('a raised limit counts for the next request', async () => {
      const { id, client } = await setting().tenant({ rate_limit: { rph: 0 } });
      const before = await client.post('/v1/ask', { prompt: 'Hi' });
      await setting().admin.post('/admin/quotas', { tenant_id: id, rate_limit: { rph: 10 } });
      const after = await client.post('/v1/ask', { prompt: 'Hi' });
      expect([before.status, after.status]).toEqual([429, 200]);
    });

    test('a lowered limit counts for the next request', async () => {
      const { id, client } = await setting().tenant({ rate_limit: { rph: 10 } });
      const before = await client.post('/v1/ask', { prompt: 'Hi' });
      await setting().admin.post('/admin/quotas', { tenant_id: id, rate_limit: { rph: 1 } });
      const after = await client.post('/v1/ask', { prompt: 'Hi' });
      expect([before.status, after.status]).toEqual([200, 429]);
    });

    test('an exhausted budget is 402', async () => {
      const { client } = await setting().tenant({ rate_limit: { cost_per_day_usd: 0 } });
      const problem = expectProblem(await client.post('/v1/ask', { prompt: 'Hi' }), 'budget_exhausted');
      expect(problem).toMatchObject({ window: 'cost_per_day_usd', limit: 0 });
    });

    test('tokens of a day are a limit too', async () => {
      const { client } = await setting().tenant({ rate_limit: { tokens_per_day: 1 } });
      const problem = expectProblem(await client.post('/v1/ask', { prompt: 'Hi' }), 'rate_limited');
      expect(problem).toMatchObject({ window: 'tokens_per_day', limit: 1 });
    });

    test('bursts multiply the second alone', async () => {
      const { client } = await setting().tenant({ rate_limit: { rps: 1, rph: 2 }, burst_multiplier: 3 });
      const replies = await Promise.all([1, 2, 3].map(() => client.post('/v1/ask', { prompt: 'Hi' })));
      const problems = replies
        .filter(({ status }) => status !== 200)
        .map((reply) => expectProblem(reply, 'rate_limited'));
      expect(problems).toMatchObject([{ window: 'hour', limit: 2 }]);
    });
  });

  describe('/admin/quotas', () => {
    beforeAll(() => setting().useModels(THREE_MODELS));

    test("a tier's defaults are filled in, what is given counts", async () => {
      const body = { tenant_id: setting().unique('tenant'), tier: 'free', rate_limit: { rpm: 7 } };
      const quota = expectReply(await setting().admin.post('/admin/quotas', body), quotaReply);
      expect(quota.rate_limit.rpm).toBe(7);
      expect(Object.values(quota.rate_limit).every((limit) => limit !== null)).toBe(true);
      expect(quota).toMatchObject({ tier: 'free', burst_multiplier: 1 });
    });

    test('limits may be as high as anyone wants', async () => {
      const rate_limit = { rps: 100_000, tokens_per_day: 1e12, cost_per_day_usd: 1e9 };
      const { id, client } = await setting().tenant({ rate_limit });
      const asked = await client.post('/v1/ask', { prompt: 'Hi' });
      const quota = expectReply(await setting().admin.get(`/admin/quotas/${id}`), quotaUseReply);
      expect(asked.status).toBe(200);
      expect(quota.rate_limit).toMatchObject(rate_limit);
    });

    test('use is what the answers took, and nothing is held when all have ended', async () => {
      const { id, client } = await setting().tenant({ rate_limit: { tokens_per_day: 1e9, concurrent: 10 } });
      const replies = await Promise.all([1, 2, 3].map((n) => client.post('/v1/ask', { prompt: `Hi ${n}` })));
      const answers = replies.map((reply) => expectReply(reply, askReply));
      const { use } = expectReply(await setting().admin.get(`/admin/quotas/${id}`), quotaUseReply);
      expect(use).toMatchObject({ tokens_held: 0, cost_held_usd: 0, in_flight: 0 });
      expect(use.tokens_used).toBe(answers.reduce((sum, a) => sum + a.tokens_in + a.tokens_out, 0));
      expect(use.cost_used_usd).toBeCloseTo(
        answers.reduce((sum, a) => sum + a.cost_usd, 0),
        7,
      );
    });

    test('what is in flight is held', async () => {
      const setup = setting();
      await setup.useModels([{ id: 'slow', cost_per_1k: 0.01, simulated: { latency_ms: 1_500, jitter: 0 } }]);
      const { id, client } = await setup.tenant({ rate_limit: { concurrent: 1 } });
      const first = client.post('/v1/ask', { prompt: 'Hi' });
      const held = await until('the ask is in flight', 1_400, async () => {
        const { use } = expectReply(await setup.admin.get(`/admin/quotas/${id}`), quotaUseReply);
        return use.in_flight === 1 ? use : undefined;
      });
      const second = await client.post('/v1/ask', { prompt: 'Hi' });
      await first;
      const third = await client.post('/v1/ask', { prompt: 'Hi' });
      expect(held.tokens_held).toBeGreaterThan(0);
      expect(expectProblem(second, 'rate_limited')).toMatchObject({ window: 'concurrent', limit: 1 });
      expect([(await first).status, third.status]).toEqual([200, 200]);
      await setup.useModels(THREE_MODELS);
    });

    test('the list holds every quota', async () => {
      const { id } = await setting().tenant({ rate_limit: { rps: 9 } });
      const quotas = expectReply(await setting().admin.get('/admin/quotas'), quotasReply);
      expect(quotas.find(({ tenant_id }) => tenant_id === id)?.rate_limit.rps).toBe(9);
    });

    test('a tenant nobody knows is 404', async () => {
      expectProblem(await setting().admin.get(`/admin/quotas/${setting().unique('nobody')}`), 'not_found');
    });

    test.each([
      [{}, '/tenant_id'],
      [{ tenant_id: 'acme', rate_limit: { rps: -1 } }, '/rate_limit/rps'],
      [{ tenant_id: 'acme', rate_limit: { rps: 1.5 } }, '/rate_limit/rps'],
      [{ tenant_id: 'acme', rate_limit: { rps: '5' } }, '/rate_limit/rps'],
      [{ tenant_id: 'acme', rate_limit: { rps: null } }, '/rate_limit/rps'],
      [{ tenant_id: 'acme', rate_limit: { rpd: 5 } }, '/rate_limit/rpd'],
      [{ tenant_id: 'acme', rate_limit: [] }, '/rate_limit'],
      [{ tenant_id: 'acme', tier: 'gold' }, '/tier'],
      [{ tenant_id: 'acme', burst_multiplier: 0 }, '/burst_multiplier'],
    ])('%j is refused', async (body, path) => {
      const full = { rate_limit: { rps: 1 }, ...body };
      expectField(await setting().admin.post('/admin/quotas', full), path);
    });
  });
};
