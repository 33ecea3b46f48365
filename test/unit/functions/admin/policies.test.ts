import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryPromptEncoder } from '../../../../shared/adapters/memory/prompt-encoder.ts';
import { DEFAULT_POLICY } from '../../../../shared/config/default-policy.ts';
import { policiesReply, policyReply } from '../../../../shared/model/policy-replies.ts';
import { FakeGateway } from '../../../support/fakes/gateway.ts';

let gateway: FakeGateway;
beforeEach(() => {
  gateway = new FakeGateway();
});

const put = (id: string, body: object, headers: Record<string, string> = {}) =>
  gateway.asAdmin('PUT /admin/policies/{id}', { path: { id }, body, headers });
const get = (id: string) => gateway.asAdmin('GET /admin/policies/{id}', { path: { id } });
const versions = (id: string) => gateway.asAdmin('GET /admin/policies/{id}/versions', { path: { id } });

const refusal = async (id: string, body: object, headers: Record<string, string> = {}) => {
  const { status, json } = await put(id, body, headers);
  return [status, json.errors?.map(({ path }) => path)];
};

describe('policies', () => {
  it('begin with the built-in one', async () => {
    const { status, json } = await gateway.asAdmin('GET /admin/policies');

    expect([status, policiesReply.parse(json)]).toEqual([200, [DEFAULT_POLICY]]);
    expect((await get('default')).headers.etag).toBe('"0"');
    expect((await versions('default')).json).toEqual([]);
  });

  it('take their defaults for what is left out', async () => {
    const { status, json, headers } = await put('mine', { strategy: 'linucb' });

    expect(status).toBe(200);
    expect(policyReply.parse(json)).toEqual({
      id: 'mine',
      version: 1,
      strategy: 'linucb',
      params: {},
      weights: DEFAULT_POLICY.weights,
      pii_mode: 'observe',
      expected_output_tokens: 256,
      sticky_sessions: true,
      updated_at: new Date(gateway.clock.now()).toISOString(),
    });
    expect(headers.etag).toBe('"1"');
    expect((await get('mine')).json).toEqual(json);
  });

  it('keep everything that was written', async () => {
    await put('other', { strategy: 'greedy' });
    const weights = { quality: 2, cost: 0, latency: 0.5, cost_scale_usd: 1, latency_scale_ms: 10 };
    const body = {
      description: 'Cheap and quick',
      strategy: 'epsilon-greedy',
      params: { epsilon: 0.05, likelihood: 'linear', lambda: 100, noise: 0.4, gamma: 0.998 },
      weights: { fast: weights, balanced: weights, high: weights },
      pii_mode: 'redact',
      expected_output_tokens: 64,
      learning_state: 'other',
      candidates: { only: ['a', 'b'], except: ['b'], capabilities: ['json'] },
      guard_rails: { min_quality: 0.3, max_cost_usd: 0.02, max_latency_ms: 4_000 },
      tenants: ['acme', 'Globex'],
      sticky_sessions: false,
      shadow: ['other'],
      challenger: { policy: 'other', percent: 5, margin: 0.01, min_count: 100 },
    };

    expect(policyReply.parse((await put('mine', body)).json)).toMatchObject(body);
  });

  it('whose features are embedded are told where there is no encoder, and the document is as it was', async () => {
    const body = { strategy: 'linucb', features: 'embedded' };
    const { status, json } = await put('mine', body);

    expect([status, policyReply.parse(json)]).toEqual([
      200,
      expect.objectContaining({ ...body, encoder: 'not_installed' }),
    ]);
    expect((await get('mine')).json).toEqual(json);
    expect((await gateway.asAdmin('GET /admin/policies')).json).toContainEqual(json);
    expect((await versions('mine')).json).toEqual([
      expect.not.objectContaining({ encoder: expect.anything() }),
    ]);
    gateway = new FakeGateway({ encoder: new MemoryPromptEncoder() });
    expect((await put('mine', body)).json).not.toHaveProperty('encoder');
    expect(await refusal('mine', { ...body, features: 'sparse' })).toEqual([400, ['/features']]);
  });

  it('get a version at each change, and none is lost', async () => {
    for (const strategy of ['ucb1', 'greedy', 'thompson']) await put('mine', { strategy });

    const { json } = await versions('mine');

    expect(policiesReply.parse(json).map(({ version, strategy }) => [version, strategy])).toEqual([
      [3, 'thompson'],
      [2, 'greedy'],
      [1, 'ucb1'],
    ]);
  });

  it('change only from the version that was read, where the caller says so', async () => {
    await put('mine', { strategy: 'ucb1' });

    expect((await put('mine', { strategy: 'greedy' }, { 'if-match': '"0"' })).status).toBe(409);
    expect((await put('mine', { strategy: 'greedy' }, { 'if-match': '"1"' })).status).toBe(200);
    expect((await put('mine', { strategy: 'ucb1' }, { 'If-Match': '*' })).json.version).toBe(3);
    expect((await put('new', { strategy: 'ucb1' }, { 'if-match': '*' })).status).toBe(409);
    expect(await refusal('mine', { strategy: 'ucb1' }, { 'if-match': '3' })).toEqual([
      400,
      ['/headers/if-match'],
    ]);
  });

  it('that change at once are one change and conflicts', async () => {
    const replies = await Promise.all(
      ['ucb1', 'greedy', 'thompson'].map((strategy) => put('mine', { strategy })),
    );

    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect((await versions('mine')).json).toHaveLength(1);
  });

  it('say that the store is away, and not that somebody was faster', async () => {
    gateway.config.putPolicy = () => Promise.reject(new Error('the table is away'));

    expect((await put('mine', { strategy: 'ucb1' })).status).toBe(500);
  });

  it.each(['nothing', '', 'A', 'auto'])('know no policy %j', async (id) => {
    expect((await get(id)).status).toBe(404);
    expect((await versions(id)).status).toBe(404);
  });

  it('are not for tenants, and auditors only read them', async () => {
    const key = await gateway.keyOf('acme', ['auditor']);
    const call = { key, path: { id: 'mine' }, body: { strategy: 'ucb1' } };

    expect((await gateway.call('PUT /admin/policies/{id}', call)).status).toBe(403);
    expect((await gateway.call('GET /admin/policies', { key })).status).toBe(200);
    const caller = await gateway.keyOf('acme');
    expect((await gateway.call('GET /admin/policies', { key: caller })).status).toBe(403);
  });
});

describe('a policy is refused', () => {
  const strategy = 'ucb1';
  it.each<[string[], object]>([
    [['/strategy'], {}],
    [['/strategy'], { strategy: 'best' }],
    [['/more'], { strategy, more: 1 }],
    [['/version'], { strategy, version: 1 }],
    [['/params/gamma', '/params/alpha'], { strategy, params: { gamma: 0.4, alpha: 1 } }],
    [['/params/prior_strength'], { strategy, params: { prior_strength: 0 } }],
    [['/params/exploration'], { strategy, params: { exploration: 101 } }],
    [['/params/noise'], { strategy, params: { noise: 2 } }],
    [['/params/lambda'], { strategy, params: { lambda: '1' } }],
    [['/params/epsilon'], { strategy, params: { epsilon: null } }],
    [['/params/likelihood'], { strategy: 'thompson', params: { likelihood: 'linear' } }],
    [['/params/model'], { strategy: 'fixed' }],
    [['/weights/fast/cost'], { strategy, weights: { fast: { ...DEFAULT_POLICY.weights.fast, cost: -1 } } }],
    [['/weights/slow'], { strategy, weights: { slow: DEFAULT_POLICY.weights.fast } }],
    [['/pii_mode'], { strategy, pii_mode: 'some' }],
    [['/expected_output_tokens'], { strategy, expected_output_tokens: 0 }],
    [['/candidates/only'], { strategy, candidates: { only: [] } }],
    [['/candidates/except'], { strategy, candidates: { except: ['a', 'a'] } }],
    [['/candidates/capabilities/0'], { strategy, candidates: { capabilities: ['song'] } }],
    [['/guard_rails/min_quality'], { strategy, guard_rails: { min_quality: 2 } }],
    [['/tenants/0'], { strategy, tenants: ['a b'] }],
    [['/tenants/1'], { strategy, tenants: ['acme', '123-45-6789'] }],
    [['/description'], { strategy, description: 'of john.doe@example.com' }],
    [
      ['/learning_state', '/challenger/policy', '/shadow/1'],
      {
        strategy,
        learning_state: 'x',
        challenger: { policy: 'mine', percent: 1 },
        shadow: ['default', 'y'],
      },
    ],
    [['/shadow'], { strategy, shadow: ['a', 'b', 'c', 'd', 'e'] }],
    [['/challenger/percent'], { strategy, challenger: { policy: 'default', percent: 101 } }],
    [['/challenger/min_count'], { strategy, challenger: { policy: 'default', percent: 1, min_count: 1 } }],
  ])('for %j in %j, and nothing is kept', async (paths, body) => {
    expect(await refusal('mine', body)).toEqual([400, paths]);
    expect((await get('mine')).status).toBe(404);
  });

  it.each(['auto', 'Mine', 'a b', '123-45-6789'])('with the name %j', async (id) => {
    expect(await refusal(id, { strategy })).toEqual([400, ['/id']]);
  });

  it('with the name of a model', async () => {
    await gateway.withModel('gpt-4');

    expect(await refusal('gpt-4', { strategy })).toEqual([409, ['/id']]);
  });

  it('with a tenant that has another policy', async () => {
    await put('mine', { strategy, tenants: ['acme'] });

    expect(await refusal('other', { strategy, tenants: ['globex', 'acme'] })).toEqual([409, ['/tenants/1']]);
    expect((await put('mine', { strategy, tenants: ['acme'] })).status).toBe(200);
  });

  it('when there are as many as may be', async () => {
    for (let index = 0; index < 199; index++) {
      await gateway.config.putPolicy({ ...DEFAULT_POLICY, id: `p-${index}`, version: 1 });
    }

    expect((await put('one-more', { strategy })).status).toBe(409);
    expect((await put('p-7', { strategy })).status).toBe(200);
  });
});

describe('a policy routes', () => {
  beforeEach(async () => {
    await gateway.withModel('a');
    await gateway.withModel('b');
  });

  const ask = async (tenant: string) => {
    const key = await gateway.keyOf(tenant);
    return (await gateway.call('POST /v1/ask', { key, body: { prompt: 'Explain' } })).json;
  };

  it("its tenants' requests within 5 s, and no others", async () => {
    expect((await ask('acme')).policy).toBe('default');
    await put('mine', { strategy: 'ucb1', tenants: ['acme'], candidates: { only: ['b'] } });
    await gateway.clock.advance(5_000);

    expect(await ask('acme')).toMatchObject({ policy: 'mine', model_used: 'b' });
    expect((await ask('globex')).policy).toBe('default');
    expect((await gateway.observations.list({ limit: 2 })).items[1]).toMatchObject({
      policy: 'mine',
      policy_version: 1,
      model: 'b',
    });
  });

  it('and says why it passes models over', async () => {
    await put('default', { strategy: 'ucb1', candidates: { except: ['a'] } });
    const key = await gateway.keyOf('acme');

    const { json } = await gateway.call('POST /v1/plan', { key, body: { prompt: 'Explain' } });

    expect(json.candidates).toMatchObject([
      { id: 'b' },
      { id: 'a', eligible: false, reason: 'not_in_policy' },
    ]);
  });

  it('and shows what others would have done in its place', async () => {
    await put('other', { strategy: 'greedy', candidates: { only: ['b'] } });
    await put('default', { strategy: 'ucb1', shadow: ['other'] });
    await ask('acme');

    const { json } = await gateway.asAdmin('GET /admin/observations');

    expect(json).toMatchObject([
      {
        policy: 'default',
        model: 'a',
        shadow: [{ policy: 'other', version: 1, model: 'b', state_version: 7, propensities: { b: 1 } }],
      },
    ]);
  });
});
