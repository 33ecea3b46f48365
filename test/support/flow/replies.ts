/** Replies that are given again: under an idempotency key, and as answers to the same request. */
import { beforeAll, describe, expect, test } from 'vitest';
import { quotaUseReply } from '../../../shared/model/quota-replies.ts';
import { askReply } from '../../../shared/model/replies.ts';
import { expectProblem, expectReply } from './client.ts';
import { until } from './poll.ts';
import { GPT_35, type Setting } from './setting.ts';

export const replies = (setting: () => Setting): void => {
  describe('Idempotency-Key', () => {
    beforeAll(() => setting().useModels([GPT_35]));

    test('the same request gets the same reply, and is charged once', async () => {
      const { id, client } = await setting().tenant({ rate_limit: { rph: 10, tokens_per_day: 1e6 } });
      const headers = { 'idempotency-key': 'order 1' };
      const ask = { prompt: 'What is a prime?' };
      const first = await client.post('/v1/ask', ask, headers);
      const second = await client.post('/v1/ask', ask, headers);

      const answer = expectReply(first, askReply);
      expect([second.status, second.text]).toEqual([200, first.text]);
      expect(second.headers.get('idempotent-replayed')).toBe('true');
      expect(second.headers.get('x-request-id')).toBe(answer.request_id);
      const { use } = expectReply(await setting().admin.get(`/admin/quotas/${id}`), quotaUseReply);
      expect(use).toMatchObject({ tokens_used: answer.tokens_in + answer.tokens_out, in_flight: 0 });
      const observations = await setting().admin.get(`/admin/observations?tenant_id=${id}`);
      expect(JSON.parse(observations.text)).toHaveLength(1);
    });

    test('a stream is given again, event for event', async () => {
      const { client } = await setting().tenant();
      const headers = { 'idempotency-key': 'order-2' };
      const first = await client.post('/v1/ask', { prompt: 'Hello', stream: true }, headers);
      const second = await client.post('/v1/ask', { prompt: 'Hello', stream: true }, headers);

      expect(first.text).toContain('event: response');
      expect([second.status, second.text]).toEqual([200, first.text]);
      expect(second.headers.get('idempotent-replayed')).toBe('true');
    });

    test('many at once are answered once', async () => {
      const { id, client } = await setting().tenant();
      const headers = { 'idempotency-key': 'order-3' };
      const sent = await Promise.all(
        Array.from({ length: 8 }, () => client.post('/v1/ask', { prompt: 'Hello' }, headers)),
      );

      for (const reply of sent) expect([200, 409]).toContain(reply.status);
      for (const reply of sent.filter(({ status }) => status === 409)) {
        expect(expectProblem(reply, 'conflict').errors?.[0]?.path).toBe('/headers/idempotency-key');
        expect(reply.headers.get('retry-after')).toBe('1');
      }
      const observations = await setting().admin.get(`/admin/observations?tenant_id=${id}`);
      expect(JSON.parse(observations.text)).toHaveLength(1);
    });

    test('another body is a conflict, and another tenant has keys of its own', async () => {
      const one = await setting().tenant();
      const other = await setting().tenant();
      const headers = { 'idempotency-key': 'order-4' };
      expectReply(await one.client.post('/v1/ask', { prompt: 'One' }, headers), askReply);
      const clash = await one.client.post('/v1/ask', { prompt: 'Two' }, headers);

      expect(expectProblem(clash, 'conflict').errors?.[0]?.path).toBe('/headers/idempotency-key');
      expectReply(await other.client.post('/v1/ask', { prompt: 'Two' }, headers), askReply);
    });
  });

  describe("a policy's cache", () => {
    beforeAll(() => setting().useModels([GPT_35]));

    test('the same request is answered again without cost', async () => {
      const { id, client } = await setting().tenant();
      const policy = setting().unique('cached');
      const body = { strategy: 'thompson', cache: { ttl_s: 600 }, tenants: [id] };
      const put = await setting().admin.send('PUT', `/admin/policies/${policy}`, { body });
      expect(put.status).toBe(200);
      const ask = () => client.post('/v1/ask', { prompt: 'What is a quark?' });
      await until('the policy is in force, and an answer kept', 10_000, async () =>
        (await ask()).headers.get('x-atp-cache') === 'hit' ? true : undefined,
      );

      const hit = await ask();
      expect(hit.headers.get('x-atp-cache')).toBe('hit');
      expect(expectReply(hit, askReply)).toMatchObject({ cost_usd: 0, policy });
      const personal = await client.post('/v1/ask', { prompt: 'Write to joe@example.com' });
      expect(personal.headers.get('x-atp-cache')).toBe('bypass');
      await setting().admin.send('PUT', `/admin/policies/${policy}`, { body: { strategy: 'thompson' } });
    });
  });
};
