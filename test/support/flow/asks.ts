/** Asking: the reply and its headers, streams, money, and what happens where no model may serve. */
import { beforeAll, describe, expect, test } from 'vitest';
import { askReply, chunkEvent, planReply, problemReply } from '../../../shared/model/replies.ts';
import { expectProblem, expectReply } from './client.ts';
import { serverEvents } from './events.ts';
import { type Setting, THREE_MODELS } from './setting.ts';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export const asks = (setting: () => Setting): void => {
  describe('POST /v1/ask', () => {
    beforeAll(() => setting().useModels(THREE_MODELS));

    test('the headers say what the body says', async () => {
      const { client } = await setting().tenant();
      const reply = await client.post('/v1/ask', { prompt: 'What is a tensor?' });
      const answer = expectReply(reply, askReply);
      expect(reply.headers.get('x-atp-model')).toBe(answer.model_used);
      expect(reply.headers.get('x-atp-selector')).toBe(answer.selector);
      expect(Number(reply.headers.get('x-atp-cost-usd'))).toBe(answer.cost_usd);
      expect(reply.headers.get('x-request-id')).toBe(answer.request_id);
      expect(answer.request_id).toMatch(UUID_V7);
      expect(reply.headers.get('x-ratelimit-limit')).toBeNull();
    });

    test('the cost is tokens times price, and the savings are against the dearest eligible model', async () => {
      const { client } = await setting().tenant();
      const answer = expectReply(await client.post('/v1/ask', { prompt: 'Name three rivers.' }), askReply);
      const price = THREE_MODELS.find(({ id }) => id === answer.model_used)?.cost_per_1k ?? Number.NaN;
      expect(answer.cost_usd).toBeCloseTo(((answer.tokens_in + answer.tokens_out) / 1_000) * price, 9);
      expect(answer.savings_pct).toBeCloseTo((1 - price / 0.03) * 100, 1);
      expect(answer.tokens_estimated).toBe(false);
    });

    test('every model is a candidate, best first, and the best one answers', async () => {
      const { client } = await setting().tenant();
      const answer = expectReply(await client.post('/v1/ask', { prompt: 'Is water wet?' }), askReply);
      const scores = answer.candidates.map(({ score }) => score);
      expect(answer.candidates.map(({ id }) => id).sort()).toEqual(['claude-3', 'gpt-3.5', 'gpt-4']);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
      expect(answer.candidates[0]?.id).toBe(answer.model_used);
      expect(answer.candidates.reduce((sum, { propensity }) => sum + propensity, 0)).toBeCloseTo(1, 2);
    });

    test('max_tokens bounds the answer', async () => {
      const { client } = await setting().tenant();
      const reply = await client.post('/v1/ask', { prompt: 'Tell me a long story.', max_tokens: 5 });
      expect(expectReply(reply, askReply)).toMatchObject({ tokens_out: 5, finish_reason: 'length' });
    });

    test('the cost never exceeds max_cost_usd', async () => {
      const { client } = await setting().tenant();
      const reply = await client.post('/v1/ask', { prompt: 'Tell me everything.', max_cost_usd: 0.0015 });
      const answer = expectReply(reply, askReply);
      expect(answer.cost_usd).toBeLessThanOrEqual(0.0015);
      expect(answer.candidates.filter(({ eligible }) => !eligible)).toMatchObject([
        { reason: 'max_cost_usd', propensity: 0 },
        { reason: 'max_cost_usd', propensity: 0 },
      ]);
    });

    test('where no model may serve, the reason of each is told', async () => {
      const { client } = await setting().tenant();
      const reply = await client.post('/v1/ask', { prompt: 'Hello', max_cost_usd: 0 });
      const problem = expectProblem(reply, 'no_eligible_model');
      expect(problem.reasons?.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual([
        { id: 'claude-3', reason: 'max_cost_usd' },
        { id: 'gpt-3.5', reason: 'max_cost_usd' },
        { id: 'gpt-4', reason: 'max_cost_usd' },
      ]);
    });

    test('a latency goal that no model meets is a reason too', async () => {
      const { client } = await setting().tenant();
      const reply = await client.post('/v1/plan', { prompt: 'Hello', latency_slo_ms: 1 });
      const problem = expectProblem(reply, 'no_eligible_model');
      expect(new Set(problem.reasons?.map(({ reason }) => reason))).toEqual(new Set(['latency_slo_ms']));
    });

    test("the chunks of a stream add up to the reply's text", async () => {
      const { client } = await setting().tenant();
      const reply = await client.post('/v1/ask', { prompt: 'Tell me a story.', stream: true });
      expect(reply.status).toBe(200);
      expect(reply.headers.get('content-type')).toMatch(/^text\/event-stream/);
      const events = serverEvents(reply.text);
      const chunks = events.slice(0, -1).map(({ data }) => chunkEvent.parse(data));
      const answer = askReply.parse(events.at(-1)?.data);
      expect(new Set(events.slice(0, -1).map(({ event }) => event))).toEqual(new Set(['chunk']));
      expect(events.at(-1)?.event).toBe('response');
      expect(chunks.map(({ seq }) => seq)).toEqual(chunks.map((_, index) => index));
      expect(chunks.map(({ text }) => text).join('')).toBe(answer.text);
      expect(new Set([...chunks, answer].map(({ request_id }) => request_id)).size).toBe(1);
      expect(reply.headers.get('x-atp-model')).toBe(answer.model_used);
      expect(reply.headers.get('x-request-id')).toBe(answer.request_id);
    });

    test('a fault before the stream begins is a plain problem', async () => {
      const { client } = await setting().tenant();
      const reply = await client.post('/v1/ask', { prompt: 'Hello', max_cost_usd: 0, stream: true });
      expectProblem(reply, 'no_eligible_model');
    });
  });

  describe('POST /v1/plan', () => {
    beforeAll(() => setting().useModels(THREE_MODELS));

    test('ranks without calling, charging or observing', async () => {
      const { id, client } = await setting().tenant({ rate_limit: { rph: 1 } });
      const plans = await Promise.all([1, 2, 3].map(() => client.post('/v1/plan', { prompt: 'Which one?' })));
      const parsed = plans.map((reply) => expectReply(reply, planReply));
      const list = await setting().admin.get(`/admin/observations?tenant_id=${id}`);
      const ask = await client.post('/v1/ask', { prompt: 'Which one?' });
      for (const plan of parsed) {
        const scores = plan.candidates.map(({ score }) => score);
        expect(plan.candidates).toHaveLength(3);
        expect(scores).toEqual([...scores].sort((a, b) => b - a));
      }
      expect(list.text).toBe('[]');
      expect(ask.status).toBe(200);
    });

    test('its reply names the request and the selector', async () => {
      const { client } = await setting().tenant();
      const reply = await client.post('/v1/plan', { prompt: 'Which one?', quality: 'high' });
      const plan = expectReply(reply, planReply);
      expect(reply.headers.get('x-request-id')).toBe(plan.request_id);
      expect(reply.headers.get('x-atp-selector')).toBe(plan.selector);
    });
  });

  describe('models that fail', () => {
    test('a model that always fails is replaced by the next candidate', async () => {
      await setting().useModels([
        { id: 'broken', cost_per_1k: 0.001, quality: 0.99, simulated: { fault_rate: 1, fault: 'http_500' } },
        { id: 'sound', cost_per_1k: 0.001, quality: 0.1 },
      ]);
      const { client } = await setting().tenant();
      const answer = expectReply(await client.post('/v1/ask', { prompt: 'Hello' }), askReply);
      expect(answer.model_used).toBe('sound');
    });

    test('when all fail it is 502', async () => {
      await setting().useModels([
        { id: 'broken', cost_per_1k: 0.001, simulated: { fault_rate: 1, fault: 'garbage' } },
      ]);
      const { client } = await setting().tenant();
      expectProblem(await client.post('/v1/ask', { prompt: 'Hello' }), 'upstream_error');
    });

    test('a stream that breaks off ends with an error event', async () => {
      await setting().useModels([
        { id: 'cutter', cost_per_1k: 0.001, simulated: { fault_rate: 1, fault: 'cut', chunks: 4 } },
      ]);
      const { client } = await setting().tenant();
      const reply = await client.post('/v1/ask', { prompt: 'Tell me a story.', stream: true });
      const last = serverEvents(reply.text).at(-1);
      expect(last?.event).toBe('error');
      expect(problemReply.parse(last?.data)).toMatchObject({ code: 'upstream_error', status: 502 });
    });

    test('with no model registered it is 422', async () => {
      await setting().useModels([]);
      const { client } = await setting().tenant();
      const problem = expectProblem(await client.post('/v1/ask', { prompt: 'Hello' }), 'no_eligible_model');
      expect(problem.reasons).toEqual([]);
    });
  });
};
