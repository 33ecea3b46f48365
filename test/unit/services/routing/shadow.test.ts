import { describe, expect, it } from 'vitest';
import { MemoryPromptEncoder } from '../../../../shared/adapters/memory/prompt-encoder.ts';
import { DEFAULT_POLICY } from '../../../../shared/config/default-policy.ts';
import type { Policy } from '../../../../shared/model/policy.ts';
import type { PromptEncoder } from '../../../../shared/ports/prompt-encoder.ts';
import { FEATURE_SIZE } from '../../../../shared/services/features/extract-features.ts';
import { ModelChooser } from '../../../../shared/services/routing/choose-model.ts';
import { SelectorBreaker } from '../../../../shared/services/routing/selector-breaker.ts';
import { SelectorSwitch } from '../../../../shared/services/routing/selector-switch.ts';
import { anAdapter, anAsk, aSnapshot } from '../../../support/fakes/documents.ts';
import { featuresBy } from '../../../support/fakes/features.ts';
import { ManualClock } from '../../../support/fakes/manual-clock.ts';
import { rankInOrder, ScriptedSelector } from '../../../support/fakes/scripted-selector.ts';
import { seededRandom } from '../../../support/fakes/seeded-random.ts';

const champion: Policy = { ...DEFAULT_POLICY, shadow: ['linear', 'default', 'gone', 'embedding', 'other'] };
const linear: Policy = {
  ...DEFAULT_POLICY,
  id: 'linear',
  version: 3,
  strategy: 'linucb',
  params: { gamma: 0.9 },
};

const setUp = (...shadows: Policy[]) => setUpWith(new MemoryPromptEncoder(), shadows);

const setUpWith = (encoder: PromptEncoder, shadows: Policy[]) => {
  const policies = new Map([champion, ...shadows].map((policy) => [policy.id, policy]));
  const snapshot = aSnapshot([anAdapter('a'), anAdapter('b')], { policies });
  const rust = new ScriptedSelector('rust');
  const typescript = new ScriptedSelector('typescript');
  const random = seededRandom();
  const selector = new SelectorSwitch({
    rust,
    typescript,
    breaker: new SelectorBreaker(new ManualClock()),
    clock: new ManualClock(),
    random,
  });
  const config = { current: async () => snapshot, refresh: async () => snapshot };
  const chooser = new ModelChooser({ config, selector, random, features: featuresBy(encoder) });
  const choose = async () => {
    const prepared = await chooser.prepare(anAsk(), 10, { policy: champion }, { prompt: 'Explain' });
    return { prepared, choice: await chooser.choose('request-1', prepared) };
  };
  return { choose, rust, typescript };
};

class CountingEncoder extends MemoryPromptEncoder {
  readonly asked: string[] = [];

  override encode(text: string): Promise<readonly number[]> {
    this.asked.push(text);
    return super.encode(text);
  }
}

describe('policies in shadow', () => {
  it('decide in the same batch, from their own state, and are not obeyed', async () => {
    const { choose, rust } = setUp({ ...linear, candidates: { only: ['b'] } });

    const { choice } = await choose();

    expect(rust.batches).toHaveLength(1);
    expect(rust.batches[0]?.map(({ id, policy, strategy }) => [id, policy, strategy])).toEqual([
      ['request-1', 'default', 'thompson'],
      ['request-1~1', 'linear', 'linucb'],
    ]);
    expect(choice.ranked.map(({ adapter }) => adapter.id)).toEqual(['a', 'b']);
    expect(choice.shadow).toEqual([
      {
        policy: 'linear',
        version: 3,
        model: 'b',
        state_version: 7,
        propensities: { b: 1 },
        contextual: true,
        gamma: 0.9,
      },
    ]);
    expect(rust.batches[0]?.[0]).not.toHaveProperty('features');
    expect(choice.features.hashed).toHaveLength(FEATURE_SIZE);
  });

  it('go by features of both kinds, each made once, in the same batch', async () => {
    const encoder = new CountingEncoder();
    const embedding: Policy = { ...linear, id: 'embedding', features: 'embedded', params: {} };
    const { choose, rust } = setUpWith(encoder, [linear, embedding, { ...embedding, id: 'other' }]);

    const { choice } = await choose();

    const { hashed, embedded } = choice.features;
    expect(encoder.asked).toEqual(['Explain']);
    expect(embedded).not.toEqual(hashed);
    expect(rust.batches).toHaveLength(1);
    expect(rust.batches[0]?.map(({ policy, features }) => [policy, features])).toEqual([
      ['default', undefined],
      ['linear', hashed],
      ['embedding~embedded', embedded],
      ['other~embedded', embedded],
    ]);
    expect(choice.shadow.map(({ learning_state, features_kind }) => [learning_state, features_kind])).toEqual(
      [
        [undefined, undefined],
        ['embedding~embedded', 'embedded'],
        ['other~embedded', 'embedded'],
      ],
    );
  });

  it('keep only what they might have chosen', async () => {
    const { choose, rust } = setUp(linear);
    rust.behaviour = (requests) =>
      requests.map((request) => {
        const result = rankInOrder(request);
        if ('error' in result) return result;
        return {
          ...result,
          ranking: result.ranking.map((one, index) => ({ ...one, propensity: 1 - index })),
        };
      });

    expect((await choose()).choice.shadow[0]?.propensities).toEqual({ a: 1 });
  });

  it('leave no trace where they have no model, or are refused', async () => {
    const { choose, rust } = setUp({ ...linear, candidates: { except: ['a', 'b'] } });
    expect((await choose()).choice.shadow).toEqual([]);
    const other = setUp(linear);
    other.rust.behaviour = (requests) =>
      requests.map((request) =>
        request.policy === 'linear'
          ? { id: request.id, error: { code: 'singular_matrix' as const, message: 'x' } }
          : rankInOrder(request),
      );

    const { choice } = await other.choose();

    expect([choice.shadow, choice.decision.candidates.length]).toEqual([[], 2]);
    expect(rust.batches[0]).toHaveLength(1);
  });

  it('that fail with both selectors do not fail the request', async () => {
    const { choose, rust, typescript } = setUp(linear);
    rust.behaviour = () => Promise.reject(new Error('killed'));
    typescript.behaviour = (requests) => {
      if (requests.some(({ policy }) => policy === 'linear') && requests.length === 1) throw new Error('no');
      return requests.map(rankInOrder);
    };

    expect((await choose()).choice.decision.selector).toBe('typescript');
  });
});
