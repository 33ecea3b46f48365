import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY } from '../../../../shared/config/default-policy.ts';
import { learningStateOf, type Policy } from '../../../../shared/model/policy.ts';
import type { Evaluation, Interval } from '../../../../shared/services/evaluation/evaluate-policy.ts';
import { promoted, refusalsOf } from '../../../../shared/services/evaluation/promotion.ts';

const around = (value: number): Interval => ({ value, low: value - 0.05, high: value + 0.05 });
const estimates = (value: number) => ({
  ips: around(value),
  snips: around(value),
  doubly_robust: around(value),
});

const GOOD: Evaluation = {
  policy: 'challenger',
  version: 1,
  read: 5_000,
  excluded: {
    not_answered: 0,
    not_scored: 0,
    sticky: 0,
    failed_over: 0,
    cached: 0,
    no_propensity: 0,
    no_features: 0,
    no_candidate: 0,
  },
  fitted: 2_500,
  judged: 1_200,
  from_shadow: 0,
  effective_size: 300,
  largest_weight: 3,
  coverage: 1,
  quality: estimates(0.7),
  utility: estimates(0.66),
  cost_usd: estimates(0.001),
  own: null,
  champion: { count: 1_000, quality: around(0.6), utility: around(0.6), cost_usd: around(0.001) },
};
const CHALLENGER = { policy: 'challenger', percent: 5, margin: 0, min_count: 500 };
const reasons = (fields: Partial<Evaluation>, challenger = {}) =>
  refusalsOf({ ...GOOD, ...fields }, { ...CHALLENGER, ...challenger });

describe('the guard of a promotion', () => {
  it('lets through what is shown to be better', () => {
    expect(reasons({})).toEqual([]);
  });

  it.each<[string, Partial<Evaluation>, object, number, number | null]>([
    ['too_few_decisions', { judged: 499 }, {}, 500, 499],
    ['too_few_of_the_champion', { champion: null, utility: estimates(1) }, { margin: 0 }, 500, 0],
    ['small_effective_size', { effective_size: 29 }, {}, 30, 29],
    ['low_coverage', { coverage: 0.94 }, {}, 0.95, 0.94],
    ['not_better', {}, { margin: 0.02 }, 0.62, 0.61],
    ['not_better', { utility: { ...estimates(0.9), snips: around(0.55) } }, {}, 0.6, 0.5],
    ['not_better', { utility: null }, {}, 0.6, null],
    [
      'not_better',
      { utility: { ...estimates(0.9), snips: { value: 1, low: null, high: null } } },
      {},
      0.6,
      null,
    ],
  ])('refuses with %s, and says by how much', (reason, evaluation, challenger, needed, found) => {
    const refusals = reasons(evaluation, challenger);

    expect(refusals).toHaveLength(1);
    expect(refusals[0]?.reason).toBe(reason);
    expect(refusals[0]?.needed).toBeCloseTo(needed, 10);
    if (found === null) expect(refusals[0]?.found).toBeNull();
    else expect(refusals[0]?.found).toBeCloseTo(found, 10);
  });

  it('does not let through what is only as good', () => {
    expect(reasons({ utility: estimates(0.65) })).toMatchObject([{ reason: 'not_better' }]);
  });
});

describe('what is promoted', () => {
  const champion: Policy = {
    ...DEFAULT_POLICY,
    version: 4,
    tenants: ['acme'],
    pii_mode: 'redact',
    candidates: { only: ['a'] },
    guard_rails: { min_quality: 0.1 },
    challenger: CHALLENGER,
    shadow: ['challenger'],
  };
  const challenger: Policy = {
    ...DEFAULT_POLICY,
    id: 'challenger',
    version: 9,
    strategy: 'linucb',
    params: { lambda: 3 },
    pii_mode: 'off',
    tenants: ['globex'],
    guard_rails: { max_cost_usd: 1 },
  };

  it("chooses as the challenger did, with what that learnt, and keeps the champion's promises", () => {
    const next = promoted(champion, challenger, 'now');

    expect(next).toEqual({
      ...DEFAULT_POLICY,
      version: 5,
      strategy: 'linucb',
      params: { lambda: 3 },
      learning_state: 'challenger',
      guard_rails: { max_cost_usd: 1 },
      tenants: ['acme'],
      pii_mode: 'redact',
      shadow: ['challenger'],
      updated_at: 'now',
    });
  });

  it("takes the challenger's features, and the state that learnt from them", () => {
    const embedding: Policy = { ...challenger, features: 'embedded' };
    const next = promoted(champion, embedding, 'now');
    const back = promoted({ ...champion, features: 'embedded' }, challenger, 'now');

    expect(next).toMatchObject({ features: 'embedded', learning_state: 'challenger' });
    expect(learningStateOf(next)).toBe(learningStateOf(embedding));
    expect(back).not.toHaveProperty('features');
    expect(learningStateOf(back)).toBe(learningStateOf(challenger));
  });

  it("comes back to its own state where that is the challenger's", () => {
    const learnt = { ...challenger, learning_state: 'default', candidates: { except: ['b'] } };
    const next = promoted({ ...champion, learning_state: 'older' }, learnt, 'now');

    expect(next).not.toHaveProperty('learning_state');
    expect(next.candidates).toEqual({ except: ['b'] });
  });
});
