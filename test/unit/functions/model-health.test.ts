import { beforeEach, describe, expect, it } from 'vitest';
import type { Adapter } from '../../../shared/model/adapter.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';
import { breakOpen } from '../../support/fakes/health.ts';

let gateway: FakeGateway;
let key = '';
beforeEach(async () => {
  gateway = new FakeGateway();
  key = await gateway.keyOf('acme');
  await gateway.withModel('a');
  await gateway.withModel('b');
});

const adapter = async (id: string): Promise<Adapter> =>
  (await gateway.config.getAdapter(id)) ?? Promise.reject(new Error('no such model'));
const breakModel = async (id: string): Promise<void> => breakOpen(gateway.adapterHealth, await adapter(id));
const ask = () => gateway.call('POST /v1/ask', { key, body: { prompt: 'Explain' } });
const candidates = async (): Promise<Record<string, unknown>[]> => {
  const { json } = await gateway.call('POST /v1/plan', { key, body: { prompt: 'Explain' } });
  return json.candidates as Record<string, unknown>[];
};

describe('a plan', () => {
  it('says of which model the breaker is open', async () => {
    await breakModel('a');

    expect(await candidates()).toMatchObject([
      { id: 'b', eligible: true },
      { id: 'a', eligible: false, reason: 'breaker_open' },
    ]);
  });

  it('says which model somebody is trying, and counts on one that may be tried', async () => {
    await breakModel('a');
    await gateway.clock.advance(10_000);
    expect(await candidates()).toMatchObject([{ eligible: true }, { eligible: true }]);

    await gateway.adapterHealth.claim(await adapter('a'), 60_000);

    expect(await candidates()).toMatchObject([
      { id: 'b' },
      { id: 'a', eligible: false, reason: 'unhealthy' },
    ]);
  });

  it('leaves all that are able in where no breaker is closed', async () => {
    await breakModel('a');
    await breakModel('b');

    expect(await candidates()).toMatchObject([{ eligible: true }, { eligible: true }]);
  });

  it('tells the selector what share of calls is expected to succeed', async () => {
    await breakModel('a');
    await gateway.clock.advance(10_000);

    await candidates();

    expect(gateway.rust.batches.at(-1)?.[0]?.candidates).toMatchObject([
      { id: 'a', availability: 0.5 },
      { id: 'b', availability: 1 },
    ]);
  });
});

describe('an ask', () => {
  it('is answered by another model while one is away, and by that one when it is back', async () => {
    const failing = { fault_rate: 1, latency_ms: 0, jitter: 0 };
    await gateway.clock.advance(1_000);
    await gateway.withModel('a', { simulated: failing });
    for (let count = 0; count < 5; count++) {
      const reply = ask();
      await gateway.clock.advance(1_000);
      expect((await reply).json.model_used).toBe('b');
    }
    expect(gateway.adapterHealth.passageOf(await adapter('a'))).toBe('wait');

    await gateway.clock.advance(1_000);
    await gateway.withModel('a');
    await gateway.clock.advance(5_000);

    expect((await ask()).json.model_used).toBe('a');
  });
});

describe('/admin/adapters', () => {
  it('tells the health of each, in the list and by itself', async () => {
    await ask();
    await breakModel('b');

    const { json: list } = await gateway.asAdmin('GET /admin/adapters');
    const { json: one } = await gateway.asAdmin('GET /admin/adapters/{id}', { path: { id: 'b' } });

    expect(list).toMatchObject([
      { id: 'a', capabilities: [], health: { state: 'healthy', breaker: 'closed', error_rate: 0 } },
      { id: 'b', health: { state: 'unhealthy', breaker: 'open', last_error_code: 'provider_error' } },
    ]);
    expect(one.health).toEqual((list as unknown as { health: unknown }[])[1]?.health);
  });

  it('begins anew where a model is registered anew', async () => {
    await breakModel('b');
    await gateway.clock.advance(1);

    await gateway.withModel('b');

    const { json } = await gateway.asAdmin('GET /admin/adapters/{id}', { path: { id: 'b' } });
    expect(json.health).toMatchObject({ state: 'healthy', checked_at: null });
  });
});

describe('/readyz', () => {
  const ready = async () => {
    await gateway.clock.advance(2_000);
    const { status, json } = await gateway.call('GET /readyz');
    return [status, (json.checks as Record<string, { status: string }>).models?.status];
  };

  it('goes by the share of models whose breaker is closed', async () => {
    await gateway.withModel('c');
    expect(await ready()).toEqual([200, 'healthy']);
    await breakModel('a');
    expect(await ready()).toEqual([200, 'healthy']);
    await breakModel('b');
    expect(await ready()).toEqual([503, 'degraded']);
    await breakModel('c');
    expect(await ready()).toEqual([503, 'unhealthy']);
  });

  it('goes by what is enabled where health cannot be read', async () => {
    gateway.health.list = () => Promise.reject(new Error('away'));

    expect(await ready()).toEqual([200, 'healthy']);
  });
});

describe('a policy', () => {
  const put = (fields: object) =>
    gateway.asAdmin('PUT /admin/policies/{id}', {
      path: { id: 'mine' },
      body: { strategy: 'greedy', ...fields },
    });

  it('may bound how long an answer takes, and hedge', async () => {
    expect(await put({ deadline_ms: 5_000, hedge: {} })).toMatchObject({
      status: 200,
      json: { deadline_ms: 5_000, hedge: { after: 'p95' } },
    });
    expect((await put({ hedge: { after: 250 } })).json.hedge).toEqual({ after: 250 });
  });

  it.each([
    [{ deadline_ms: 99 }, '/deadline_ms'],
    [{ deadline_ms: 280_001 }, '/deadline_ms'],
    [{ hedge: { after: 'p99' } }, '/hedge/after'],
    [{ hedge: { after: 0 } }, '/hedge/after'],
    [{ hedge: { before: 1 } }, '/hedge'],
  ])('is refused with %j', async (fields, path) => {
    const { status, json } = await put(fields);

    expect([status, json.errors?.map((error) => error.path)]).toEqual([400, [expect.stringContaining(path)]]);
  });

  it('that hedges holds what two answers may cost', async () => {
    await put({ hedge: { after: 250 }, tenants: ['acme'] });
    await gateway.clock.advance(5_000);
    await gateway.asAdmin('POST /admin/quotas', {
      body: { tenant_id: 'acme', rate_limit: { tokens_per_day: 600 } },
    });

    const { status } = await ask();

    // Twice the prompt and 256 expected tokens are within 600, and twice 299 with the prompt are not.
    expect(status).toBe(200);
    await put({ hedge: { after: 250 }, tenants: ['acme'], expected_output_tokens: 299 });
    await gateway.clock.advance(5_000);
    expect((await ask()).status).toBe(429);
  });
});
