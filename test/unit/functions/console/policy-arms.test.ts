import { beforeEach, describe, expect, it, vi } from 'vitest';
import { armsReply } from '../../../../shared/model/console-replies.ts';
import { FakeGateway } from '../../../support/fakes/gateway.ts';

describe('GET /admin/policies/{id}/arms', () => {
  let gateway: FakeGateway;

  beforeEach(async () => {
    gateway = new FakeGateway();
    await gateway.withModel('cheap', { quality: 0.4 });
    await gateway.withModel('dear', { cost_per_1k: 1, quality: 0.9 });
    gateway.learning.set('default', {
      version: 3,
      freshness: 'fresh',
      arms: new Map([['cheap', { n: 8, sum: 8, sumSquares: 8, count: 8 }]]),
    });
  });

  const arms = async (id = 'default', query: Record<string, string> = {}) => {
    const { status, text } = await gateway.asAdmin('GET /admin/policies/{id}/arms', { path: { id }, query });
    expect(status).toBe(200);
    return armsReply.parse(JSON.parse(text));
  };

  it('says what was learnt: the prior and the scores, each by its weight', async () => {
    const { arms: found, state_version, strategy } = await arms();

    const by = new Map(found.map((arm) => [arm.id, arm]));
    expect([state_version, strategy]).toEqual([3, 'thompson']);
    // 8 pseudo-observations of 0.4 and 8 scores of 1.
    expect(by.get('cheap')).toMatchObject({ q_hat: 0.7, pulls: 8, prior: 0.4, registered: true });
    expect(by.get('dear')).toMatchObject({ q_hat: 0.9, pulls: 0, requests: 0, mean_cost_usd: null });
    // Beta(7.2, 0.8), and Beta(11.2, 4.8).
    expect([by.get('dear')?.uncertainty, by.get('cheap')?.uncertainty]).toEqual([0.1, 0.1111]);
  });

  it('says what each did of late, and of which share', async () => {
    const key = await gateway.keyOf('default');
    for (let asks = 0; asks < 3; asks++) {
      const { json } = await gateway.call('POST /v1/ask', { key, body: { prompt: 'Why?' } });
      if (asks === 0)
        await gateway.call('POST /v1/observe', {
          key,
          body: { request_id: json.request_id, quality_score: 0.5 },
        });
    }
    await gateway.clock.advance(1_000);

    const { arms: found, shares, truncated } = await arms('default', { hours: '1' });

    expect(found.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 3);
    expect(found.reduce((sum, { scored }) => sum + scored, 0)).toBe(1);
    expect(found.filter(({ requests }) => requests > 0).some(({ frontier }) => frontier)).toBe(true);
    expect(shares.reduce((sum, { requests }) => sum + requests, 0)).toBe(3);
    expect(truncated).toBe(false);
  });

  it('reads thousands of answers once for all who look, and what was learnt each time', async () => {
    const reading = vi.spyOn(gateway.observations, 'list').mockImplementation(async () => {
      await gateway.clock.advance(700);
      return { items: [] };
    });
    const before = await arms();
    gateway.learning.set('default', { version: 4, freshness: 'fresh', arms: new Map() });
    await gateway.clock.advance(6_000);

    const after = await arms();
    const otherSpan = await arms('default', { hours: '1' });

    expect([before.state_version, after.state_version]).toEqual([3, 4]);
    expect([after.to === before.to, otherSpan.to === before.to, reading.mock.calls.length]).toEqual([
      true,
      false,
      2,
    ]);
  });

  it("is not found for a policy that is none, and names a query's fault", async () => {
    const target = 'GET /admin/policies/{id}/arms';
    expect((await gateway.asAdmin(target, { path: { id: 'nobody' } })).status).toBe(404);
    const { status, json } = await gateway.asAdmin(target, {
      path: { id: 'default' },
      query: { hours: '169' },
    });
    expect([status, json.errors?.map(({ path }) => path)]).toEqual([400, ['/query/hours']]);
  });
});
