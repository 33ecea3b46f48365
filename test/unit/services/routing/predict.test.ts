import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY } from '../../../../shared/config/default-policy.ts';
import type { Adapter } from '../../../../shared/model/adapter.ts';
import type { Ask } from '../../../../shared/model/ask.ts';
import type { Policy } from '../../../../shared/model/policy.ts';
import { costOf, noEligibleModel, prepare } from '../../../../shared/services/routing/predict.ts';
import { anAdapter, anAsk } from '../../../support/fakes/documents.ts';

const predicted = (
  adapter: Partial<Adapter>,
  ask: Partial<Ask> = {},
  tokensIn = 100,
  policy: Partial<Policy> = {},
) => {
  const prepared = prepare(anAsk(ask), [anAdapter('a', adapter)], { ...DEFAULT_POLICY, ...policy }, tokensIn);
  const [prediction] = [...prepared.eligible, ...prepared.ineligible];
  if (prediction === undefined) throw new Error('no prediction');
  return prediction;
};

describe('prediction', () => {
  it('prices input and output apart, in dollars for a million tokens', () => {
    expect(costOf({ input_per_mtok: 2, output_per_mtok: 10 }, 1_000, 500)).toBeCloseTo(0.007, 12);
  });

  it("expects the policy's usual answer, bounded by what the caller and the model allow", () => {
    expect(predicted({}).expectedTokens).toBe(256);
    expect(predicted({}, { max_tokens: 10 }).expectedTokens).toBe(10);
    expect(predicted({ max_output_tokens: 20 }).expectedTokens).toBe(20);
    expect(predicted({ context_window: 130 }).expectedTokens).toBe(30);
  });

  it('lets the provider produce as much as the least of all bounds', () => {
    expect(predicted({}).maxTokens).toBe(1_000);
    expect(predicted({}, { max_tokens: 5 }).maxTokens).toBe(5);
    expect(predicted({ context_window: 130 }, { max_tokens: 500 }).maxTokens).toBe(30);
  });

  it('lets the provider produce no more than the ceiling affords', () => {
    const ceiling = costOf(anAdapter('a').price, 100, 300);

    expect(predicted({}, { max_cost_usd: ceiling }).maxTokens).toBe(300);
  });

  it('reads for vectors and says nothing, each text by itself', () => {
    const asked = { embeds: true, longest_input: 10 } as const;
    const ceiling = costOf(anAdapter('a').price, 100, 0);

    expect(predicted({ context_window: 50 }, { ...asked, max_cost_usd: ceiling })).toMatchObject({
      expectedTokens: 0,
      costUsd: ceiling,
    });
    expect(predicted({ context_window: 50 }, asked).reason).toBeUndefined();
    expect(predicted({ context_window: 10 }, asked).reason).toBe('context_window');
    expect(predicted({}, { ...asked, max_cost_usd: ceiling / 2 }).reason).toBe('max_cost_usd');
  });

  it.each([
    [{ provider: 'anthropic' }, {}, 'missing_capability'],
    [{ provider: 'openai' }, {}, undefined],
    [{ quality: 0.1 }, { guard_rails: { min_quality: 0.9 } }, undefined],
    [{}, { candidates: { capabilities: ['tools'] } }, undefined],
    [{}, { candidates: { except: ['a'] } }, 'not_in_policy'],
    [{ enabled: false }, {}, 'disabled'],
  ] as const)('of %j under %j vectors are made unless %s', (adapter, policy, reason) => {
    expect(predicted(adapter, { embeds: true }, 100, policy as Partial<Policy>).reason).toBe(reason);
  });

  it.each([
    ['anthropic', 1, undefined],
    ['anthropic', 2, 'missing_capability'],
    ['bedrock', 2, 'missing_capability'],
    ['openai', 2, undefined],
  ] as const)('of %s lets serve who wants %i answers unless %s', (provider, answers, reason) => {
    expect(predicted({ provider }, { answers }).reason).toBe(reason);
  });

  it('gives no prompt to a model that only makes vectors', () => {
    expect(predicted({ capabilities: ['embeddings', 'tools'] }).reason).toBe('missing_capability');
  });

  it('serves a free model under a ceiling of nothing', () => {
    const free = { price: { input_per_mtok: 0, output_per_mtok: 0 } };

    expect(predicted(free, { max_cost_usd: 0 })).toMatchObject({ costUsd: 0, maxTokens: 1_000 });
    expect(predicted(free, { max_cost_usd: 0 }).reason).toBeUndefined();
  });

  it.each<[string, Partial<Adapter>, Partial<Ask>, string]>([
    ['switched off', { enabled: false }, {}, 'disabled'],
    ['no room for one token of answer', { context_window: 100 }, {}, 'context_window'],
    ['dearer than the ceiling', {}, { max_cost_usd: 0.0001 }, 'max_cost_usd'],
    [
      'a prompt dearer than the ceiling',
      { price: { input_per_mtok: 9, output_per_mtok: 0 } },
      { max_cost_usd: 0.0001 },
      'max_cost_usd',
    ],
    ['slower than the goal', { latency_ms: 501 }, { latency_slo_ms: 500 }, 'latency_slo_ms'],
  ])('refuses a model that is %s', (_name, adapter, ask, reason) => {
    expect(predicted(adapter, ask).reason).toBe(reason);
  });

  it('accepts a model that meets each goal exactly', () => {
    const costUsd = predicted({}).costUsd;

    expect(
      predicted({ latency_ms: 500 }, { latency_slo_ms: 500, max_cost_usd: costUsd }).reason,
    ).toBeUndefined();
  });

  it('says of every model why it may not serve', () => {
    const adapters = [anAdapter('off', { enabled: false }), anAdapter('slow', { latency_ms: 9_000 })];
    const error = noEligibleModel(prepare(anAsk({ latency_slo_ms: 1_000 }), adapters, DEFAULT_POLICY, 10));

    expect(error.status).toBe(422);
    expect(error.extensions.reasons).toEqual([
      { id: 'off', reason: 'disabled' },
      { id: 'slow', reason: 'latency_slo_ms' },
    ]);
  });

  it('says so when no model is registered', () => {
    expect(noEligibleModel(prepare(anAsk(), [], DEFAULT_POLICY, 10)).detail).toBe('No model is registered.');
  });
});

describe("a policy's choice of models", () => {
  it.each<[string | undefined, Partial<Policy>, Partial<Adapter>]>([
    [undefined, { candidates: {} }, {}],
    [undefined, { candidates: { only: ['a'] } }, {}],
    ['not_in_policy', { candidates: { only: ['b'] } }, {}],
    ['not_in_policy', { candidates: { except: ['a'] } }, {}],
    ['missing_capability', { candidates: { capabilities: ['json', 'tools'] } }, { capabilities: ['json'] }],
    [undefined, { candidates: { capabilities: ['json'] } }, { capabilities: ['json', 'tools'] }],
    ['not_in_policy', { guard_rails: { min_quality: 0.51 } }, {}],
    [undefined, { guard_rails: { min_quality: 0.5 } }, {}],
    ['latency_slo_ms', { guard_rails: { max_latency_ms: 99 } }, {}],
    ['max_cost_usd', { guard_rails: { max_cost_usd: 0.0001 } }, {}],
    ['disabled', { candidates: { only: ['b'] } }, { enabled: false }],
  ])('answers %s for %j', (reason, policy, adapter) => {
    expect(predicted(adapter, {}, 100, policy).reason).toBe(reason);
  });

  it("bounds the answer by the tighter ceiling, the policy's or the caller's", () => {
    const policy = { guard_rails: { max_cost_usd: 0.001 } };

    // 100 tokens in cost $.0001; $.0009 are 450 tokens out.
    expect(predicted({}, {}, 100, policy).maxTokens).toBe(450);
    expect(predicted({}, { max_cost_usd: 0.01 }, 100, policy).maxTokens).toBe(450);
    expect(predicted({}, { max_cost_usd: 0.0007 }, 100, policy).maxTokens).toBe(300);
  });
});
