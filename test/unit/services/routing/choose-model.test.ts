import { describe, expect, it } from 'vitest';
import { MemoryPromptEncoder } from '../../../../shared/adapters/memory/prompt-encoder.ts';
import { DEFAULT_FLAGS, DEFAULT_POLICY } from '../../../../shared/config/default-policy.ts';
import type { Adapter } from '../../../../shared/model/adapter.ts';
import type { ConfigSnapshot, Policy } from '../../../../shared/model/policy.ts';
import type { ConfigSource } from '../../../../shared/ports/config-store.ts';
import { joinEmbedding } from '../../../../shared/services/features/embed-features.ts';
import { extractFeatures } from '../../../../shared/services/features/extract-features.ts';
import { taskHash } from '../../../../shared/services/features/task-type.ts';
import { ModelChooser } from '../../../../shared/services/routing/choose-model.ts';
import { SelectorBreaker } from '../../../../shared/services/routing/selector-breaker.ts';
import { SelectorSwitch } from '../../../../shared/services/routing/selector-switch.ts';
import { anAdapter, anAsk, aSnapshot } from '../../../support/fakes/documents.ts';
import { featuresBy } from '../../../support/fakes/features.ts';
import { ManualClock } from '../../../support/fakes/manual-clock.ts';
import { ScriptedSelector } from '../../../support/fakes/scripted-selector.ts';
import { seededRandom } from '../../../support/fakes/seeded-random.ts';

const setUp = (cached: ConfigSnapshot, latest = cached) => {
  let refreshed = 0;
  const config: ConfigSource = {
    current: async () => cached,
    refresh: async () => {
      refreshed += 1;
      return latest;
    },
  };
  const rust = new ScriptedSelector('rust');
  const random = seededRandom();
  const selector = new SelectorSwitch({
    rust,
    typescript: new ScriptedSelector('typescript'),
    breaker: new SelectorBreaker(new ManualClock()),
    random,
    clock: new ManualClock(),
  });
  return {
    chooser: new ModelChooser({ config, selector, random, features: featuresBy() }),
    rust,
    refreshed: () => refreshed,
  };
};

const ANY = { policy: DEFAULT_POLICY };
const DESCRIBED = { prompt: 'mail [REDACTED:EMAIL] the 3 results' };

const models: Adapter[] = [
  anAdapter('a'),
  anAdapter('off', { enabled: false, quality: 0.7 }),
  anAdapter('b', { quality: 0.9 }),
];

describe('ModelChooser', () => {
  it('ranks the eligible models first and shows why the others are out', async () => {
    const { chooser } = setUp(aSnapshot(models));

    const { decision, ranked } = await chooser.choose(
      'request-1',
      await chooser.prepare(anAsk(), 10, ANY, DESCRIBED),
    );

    expect(ranked.map(({ adapter }) => adapter.id)).toEqual(['a', 'b']);
    expect(decision).toMatchObject({ policy: 'default', selector: 'rust', state_version: 7 });
    expect(decision.candidates.map(({ id, eligible, reason }) => [id, eligible, reason])).toEqual([
      ['a', true, undefined],
      ['b', true, undefined],
      ['off', false, 'disabled'],
    ]);
    expect(decision.candidates.at(-1)).toMatchObject({ quality: 0.7, score: 0, propensity: 0 });
  });

  it("asks with the tier's weights, the policy's parameters and what each model would cost", async () => {
    const { chooser, rust } = setUp(aSnapshot(models));
    const prepared = await chooser.prepare(anAsk({ quality: 'high' }), 10, ANY, DESCRIBED);

    await chooser.choose('request-1', prepared);

    const [request] = rust.batches[0] ?? [];
    expect(request).toMatchObject({
      id: 'request-1',
      strategy: 'thompson',
      params: { prior_strength: 8 },
      weights: { quality: 1, cost: 0.05 },
    });
    expect(request?.candidates).toEqual([
      expect.objectContaining({ id: 'a', prior_quality: 0.5, cost_usd: prepared.eligible[0]?.costUsd }),
      expect.objectContaining({ id: 'b', prior_quality: 0.9, latency_ms: 100 }),
    ]);
    expect(Number.isSafeInteger(request?.seed)).toBe(true);
  });

  it('asks without features where the strategy goes by none', async () => {
    const { chooser, rust } = setUp(aSnapshot(models));
    const prepared = await chooser.prepare(anAsk(), 10, ANY, DESCRIBED);

    const { learnable, features } = await chooser.choose('request-1', prepared);

    expect(rust.batches[0]?.[0]).not.toHaveProperty('features');
    expect(features).toEqual({});
    expect(learnable).toEqual({});
  });

  it('asks with the features of what was redacted, in the name of the state that learns', async () => {
    const params = { lambda: 10, gamma: 0.9 };
    const policy: Policy = { ...DEFAULT_POLICY, strategy: 'linucb', params, learning_state: 'older' };
    const { chooser, rust } = setUp(aSnapshot(models));
    const prepared = await chooser.prepare(anAsk(), 10, { policy }, DESCRIBED);

    const { learnable, decision, ...choice } = await chooser.choose('request-1', prepared);

    const features = extractFeatures(DESCRIBED);
    expect(rust.batches[0]?.[0]).toMatchObject({ strategy: 'linucb', params, features, policy: 'older' });
    expect(choice.features).toEqual({ hashed: features });
    expect(learnable).toEqual({ learning_state: 'older', contextual: true, gamma: 0.9 });
    expect(decision.policy).toBe('default');
  });

  it('asks and learns by a hash of the name that the caller gave its task, and by none where it gave none', async () => {
    const policy: Policy = { ...DEFAULT_POLICY, strategy: 'linucb', params: {} };
    const { chooser, rust } = setUp(aSnapshot(models));
    const task = taskHash('Refunds of Q3');
    const named = await chooser.prepare(
      anAsk(),
      10,
      { policy },
      { ...DESCRIBED, task_type: 'refunds of q3' },
    );
    const unnamed = await chooser.prepare(anAsk(), 10, { policy }, DESCRIBED);
    const summing = await chooser.prepare(anAsk(), 10, ANY, { ...DESCRIBED, task_type: 'refunds' });

    expect((await chooser.choose('r-1', named)).learnable).toEqual({ contextual: true, task });
    expect((await chooser.choose('r-2', unnamed)).learnable).toEqual({ contextual: true });
    expect((await chooser.choose('r-3', summing)).learnable).toEqual({});

    const asked = rust.batches.map(([request]) => request?.task);
    expect(asked).toEqual([task, undefined, undefined]);
    expect(JSON.stringify(rust.batches)).not.toMatch(/refunds/i);
  });

  it('asks with the embedding where the policy does, in the name of another state', async () => {
    const policy: Policy = { ...DEFAULT_POLICY, strategy: 'linucb', params: {}, features: 'embedded' };
    const { chooser, rust } = setUp(aSnapshot(models));
    const prepared = await chooser.prepare(anAsk(), 10, { policy }, DESCRIBED);

    const choice = await chooser.choose('request-1', prepared);

    const embedded = joinEmbedding(DESCRIBED, await new MemoryPromptEncoder().encode(DESCRIBED.prompt));
    expect(rust.batches[0]?.[0]).toMatchObject({ features: embedded, policy: 'default~embedded' });
    expect(choice.features).toEqual({ embedded });
    expect(choice).not.toHaveProperty('featuresFallback');
    expect(choice.learnable).toEqual({
      learning_state: 'default~embedded',
      contextual: true,
      features_kind: 'embedded',
    });
  });

  it.each([
    [{}, 512],
    [{ memory: 64 }, 64],
  ])('has knn remember scores, with %j', async (params, memory) => {
    const policy: Policy = { ...DEFAULT_POLICY, strategy: 'knn', params };
    const { chooser } = setUp(aSnapshot(models));
    const prepared = await chooser.prepare(anAsk(), 10, { policy }, DESCRIBED);

    const { learnable } = await chooser.choose('request-1', prepared);

    expect(learnable).toEqual({ contextual: true, memory });
  });

  it('looks at the newest configuration before it says that no model may serve', async () => {
    const { chooser } = setUp(aSnapshot([]), aSnapshot([anAdapter('new')]));

    const prepared = await chooser.prepare(anAsk(), 10, ANY, DESCRIBED);

    expect(prepared.eligible.map(({ adapter }) => adapter.id)).toEqual(['new']);
  });

  it('answers 422 when the newest configuration has none either', async () => {
    const { chooser, refreshed } = setUp(aSnapshot([anAdapter('off', { enabled: false })]));

    await expect(chooser.prepare(anAsk(), 10, ANY, DESCRIBED)).rejects.toMatchObject({
      code: 'no_eligible_model',
      extensions: { reasons: [{ id: 'off', reason: 'disabled' }] },
    });
    expect(refreshed()).toBe(1);
  });

  it('does not read anew while a model is eligible', async () => {
    const { chooser, refreshed } = setUp(aSnapshot(models));
    await chooser.prepare(anAsk(), 10, ANY, DESCRIBED);

    expect(refreshed()).toBe(0);
  });

  it('leaves out what the selector names but nobody asked about', async () => {
    const { chooser, rust } = setUp(aSnapshot(models));
    const made = rust.behaviour;
    rust.behaviour = async (requests) =>
      (await made(requests)).map((result) =>
        'ranking' in result
          ? {
              ...result,
              ranking: [...result.ranking, { id: 'x', quality: 1, uncertainty: 0, score: 9, propensity: 0 }],
            }
          : result,
      );

    const { ranked } = await chooser.choose('request-1', await chooser.prepare(anAsk(), 10, ANY, DESCRIBED));

    expect(ranked.map(({ adapter }) => adapter.id)).toEqual(['a', 'b']);
  });

  it('says that the fallback decided, and why', async () => {
    const { chooser, rust } = setUp(aSnapshot(models));
    rust.behaviour = () => Promise.reject(new Error('killed'));

    const choice = await chooser.choose('request-1', await chooser.prepare(anAsk(), 10, ANY, DESCRIBED));

    expect(choice).toMatchObject({ decision: { selector: 'typescript' }, fallback: 'failed' });
  });

  it("answers 500 when the selector refuses the request, without the selector's words", async () => {
    const { chooser, rust } = setUp(aSnapshot(models));
    rust.behaviour = (requests) =>
      requests.map(({ id }) => ({ id, error: { code: 'unknown_strategy', message: 'strategy must be' } }));

    await expect(
      chooser.choose('request-1', await chooser.prepare(anAsk(), 10, ANY, DESCRIBED)),
    ).rejects.toMatchObject({
      code: 'internal',
      detail: 'The models could not be ranked.',
    });
  });

  it('answers 500 when the default policy is missing', async () => {
    const { chooser } = setUp(aSnapshot(models, { policies: new Map() }));

    await expect(chooser.target('auto', 'acme')).rejects.toMatchObject({ code: 'internal' });
  });
});

describe('the name that a caller gives', () => {
  const own = { ...DEFAULT_POLICY, id: 'support' };
  const policies = new Map([
    ['default', DEFAULT_POLICY],
    ['support', own],
  ]);

  it.each([
    ['auto', { policy: DEFAULT_POLICY }],
    ['default', { policy: DEFAULT_POLICY }],
    ['support', { policy: own }],
    ['b', { policy: DEFAULT_POLICY, only: 'b' }],
    ['off', { policy: DEFAULT_POLICY, only: 'off' }],
  ])('%s', async (name, target) => {
    const { chooser, refreshed } = setUp(aSnapshot(models, { policies }));

    expect(await chooser.target(name, 'acme')).toEqual({ ...target, tenantId: 'acme', flags: DEFAULT_FLAGS });
    expect(refreshed()).toBe(0);
  });

  it('may stand for a model that was registered just now', async () => {
    const { chooser } = setUp(aSnapshot([]), aSnapshot([anAdapter('new')]));

    expect(await chooser.target('new', 'acme')).toMatchObject({ only: 'new' });
  });

  it('is 404 when it stands for nothing, without quoting it', async () => {
    const { chooser } = setUp(aSnapshot(models));

    await expect(chooser.target('john@example.com', 'acme')).rejects.toMatchObject({
      code: 'not_found',
      detail: 'There is no such model.',
      errors: [{ path: '/model' }],
    });
  });

  it('makes one model the only candidate', async () => {
    const { chooser } = setUp(aSnapshot(models));

    const { eligible, ineligible } = await chooser.prepare(
      anAsk(),
      10,
      await chooser.target('b', 'acme'),
      DESCRIBED,
    );

    expect([eligible.map(({ adapter }) => adapter.id), ineligible]).toEqual([['b'], []]);
  });

  it('routes by the weights of the policy that it names', async () => {
    const { chooser } = setUp(aSnapshot(models, { policies }));
    const prepared = await chooser.prepare(anAsk(), 10, await chooser.target('support', 'acme'), DESCRIBED);

    expect((await chooser.choose('request-1', prepared)).decision.policy).toBe('support');
  });
});
