import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY } from '../../../../shared/config/default-policy.ts';
import type { Observation } from '../../../../shared/model/observation.ts';
import type { Policy } from '../../../../shared/model/policy.ts';
import { EMBEDDING_SIZE } from '../../../../shared/ports/prompt-encoder.ts';
import { evaluatePolicy, type Interval } from '../../../../shared/services/evaluation/evaluate-policy.ts';
import {
  EMBEDDED_FEATURES_VERSION,
  joinEmbedding,
} from '../../../../shared/services/features/embed-features.ts';
import { packFeatures } from '../../../../shared/services/features/pack-features.ts';
import { anAdapter } from '../../../support/fakes/documents.ts';
import { type LogOptions, pastLog } from '../../../support/fakes/past-log.ts';

const adapters = [anAdapter('a'), anAdapter('b'), anAdapter('c')];
const UNIFORM = { a: 0.4, b: 0.4, c: 0.2 };
const TRUTH: Record<string, number> = { a: 0.5, b: 0.8, c: 0.3 };
const only = (quality: number) => ({ quality, cost: 0, latency: 0, cost_scale_usd: 1, latency_scale_ms: 1 });
const byQuality = { fast: only(1), balanced: only(1), high: only(1) };

const aPolicy = (fields: Partial<Policy>): Policy => ({
  ...DEFAULT_POLICY,
  id: 'judged',
  version: 2,
  weights: byQuality,
  ...fields,
});
const always = (model: string) => aPolicy({ strategy: 'fixed', params: { model } });

const logged = (log: Partial<LogOptions> = {}): readonly Observation[] =>
  pastLog({
    count: 4_000,
    propensities: UNIFORM,
    quality: (model) => TRUTH[model] ?? 0,
    ...log,
  }).map(({ observation }) => observation);

/** Made once: most ask about the same past, which nobody changes. */
const PAST = logged();

const evaluate = (policy: Policy, log?: Partial<LogOptions>, champion?: Policy) =>
  evaluatePolicy({
    policy,
    champion,
    adapters,
    observations: log === undefined ? PAST : logged(log),
    pause: () => Promise.resolve(),
  });

const holds = ({ low, high }: Interval, truth: number): boolean =>
  low !== null && high !== null && low <= truth && truth <= high;

/** Within four standard errors: further off is no accident. */
const isNear = ({ value, low, high }: Interval, truth: number): boolean =>
  Math.abs(value - truth) < (high ?? 1) - (low ?? 0);

describe('the value of a policy that never decided', () => {
  it.each(['a', 'b', 'c'])('that always takes %s is that of the model', async (model) => {
    const { quality, judged, fitted, coverage, effective_size } = await evaluate(always(model));

    expect([fitted, judged, coverage]).toEqual([2_000, 2_000, 1]);
    expect(effective_size).toBeGreaterThan(300);
    for (const estimate of Object.values(quality ?? {})) {
      expect(isNear(estimate, TRUTH[model] ?? 0)).toBe(true);
      expect((estimate.high ?? 1) - (estimate.low ?? 0)).toBeLessThan(0.2);
    }
  });

  it('lies in the interval about 19 times of 20', async () => {
    const held = { ips: 0, snips: 0, doubly_robust: 0 };
    const runs = 60;
    for (let seed = 1; seed <= runs; seed += 1) {
      const { quality } = await evaluate(always('b'), { count: 240, seed });
      for (const name of ['ips', 'snips', 'doubly_robust'] as const) {
        if (quality !== null && holds(quality[name], 0.8)) held[name] += 1;
      }
    }

    for (const count of Object.values(held)) expect(count / runs).toBeGreaterThan(0.88);
  });

  it.each(['thompson', 'ucb1', 'greedy'] as const)('%s learns from the older half', async (strategy) => {
    const { quality } = await evaluate(aPolicy({ strategy, params: {} }));

    expect(quality?.doubly_robust.value).toBeGreaterThan(0.74);
    expect(quality?.doubly_robust.value).toBeLessThan(0.86);
  });

  it.each(['linucb', 'knn'] as const)('goes by the context where the policy does: %s', async (strategy) => {
    const prompts = ['Write a function in Python that sorts a list', 'Translate this sentence into French'];
    const quality = (model: string, prompt: string) =>
      (model === 'a') === prompt.includes('Python') ? 0.9 : 0.2;
    const log = { count: 1_000, prompts, quality, propensities: { a: 0.5, b: 0.5 } };

    const contextual = await evaluate(aPolicy({ strategy, params: { exploration: 0.1 } }), log);
    const blind = await evaluate(aPolicy({ strategy: 'ucb1', params: {} }), log);

    expect(contextual.quality?.snips.value).toBeGreaterThan(0.85);
    expect(blind.quality?.snips.value).toBeLessThan(0.65);
  });

  it('counts what answers cost, and the utility of both by the weights', async () => {
    const weights = { ...only(1), cost: 0.5, cost_scale_usd: 0.01 };
    const policy = { ...always('b'), weights: { fast: weights, balanced: weights, high: weights } };

    const { utility, cost_usd } = await evaluate(policy, { costs: { a: 0.001, b: 0.004, c: 0 } });

    expect(cost_usd?.snips.value).toBeCloseTo(0.004, 10);
    expect(utility?.snips.value).toBeCloseTo(0.8 - 0.2, 1);
  });
});

describe('what an evaluation tells', () => {
  it('how much of the policy the logs speak of', async () => {
    const log = { propensities: { a: 0.5, b: 0.5, c: 0 } };

    expect((await evaluate(always('c'), log)).coverage).toBe(0);
    expect(
      (await evaluate(aPolicy({ strategy: 'epsilon-greedy', params: { epsilon: 0.3 } }), log)).coverage,
    ).toBeCloseTo(0.9, 10);
  });

  it('why observations were not used, each once', async () => {
    const fields = [
      { outcome: 'timeout' },
      { quality_score: null },
      { sticky: true },
      { failed_over: true },
      { propensity: 0 },
      { propensities: { gone: 1 } },
      { policy: 'judged' },
      {},
    ] as const;

    const evaluation = await evaluate(always('a'), { count: 80, fields: (index) => fields[index % 8] ?? {} });

    expect(evaluation).toMatchObject({
      read: 80,
      excluded: {
        not_answered: 10,
        not_scored: 10,
        sticky: 10,
        failed_over: 10,
        cached: 0,
        no_propensity: 10,
        no_features: 0,
        no_candidate: 5,
      },
      fitted: 15,
      judged: 5,
      own: { count: 5 },
      champion: null,
    });
  });

  it('only from what the encoder saw, where the policy goes by that', async () => {
    const log = (version: number) => ({
      count: 400,
      quality: (model: string, prompt: string) => ((model === 'a') === (prompt === 'one') ? 0.9 : 0.2),
      propensities: { a: 0.5, b: 0.5 },
      prompts: ['one', 'two'],
      fields: (index: number) => (index % 4 === 0 ? {} : { embedded_features_version: version }),
    });
    const policy = aPolicy({ strategy: 'linucb', params: { exploration: 0.1 }, features: 'embedded' });
    const observations = (version: number) =>
      pastLog(log(version)).map(({ observation }) => {
        const embedding = new Array<number>(EMBEDDING_SIZE).fill(observation.prompt === 'one' ? 0.2 : -0.2);
        const embedded = joinEmbedding({ prompt: '' }, embedding);
        return { ...observation, embedded_features: packFeatures(embedded) };
      });
    const judge = (version: number) =>
      evaluatePolicy({
        policy,
        adapters,
        observations: observations(version),
        pause: () => Promise.resolve(),
      });

    const known = await judge(EMBEDDED_FEATURES_VERSION);
    const outdated = await judge(EMBEDDED_FEATURES_VERSION - 1);

    expect([known.excluded.no_features, known.judged]).toEqual([100, 150]);
    expect(known.quality?.snips.value).toBeGreaterThan(0.8);
    expect([outdated.excluded.no_features, outdated.judged]).toEqual([400, 0]);
  });

  it('what was decided in shadow counts as it was decided', async () => {
    const seen = { policy: 'judged', version: 2, model: 'b', state_version: 1, propensities: { b: 1 } };
    const fields = (index: number) => ({ shadow: [index % 2 === 0 ? seen : { ...seen, version: 1 }] });

    const evaluation = await evaluate(aPolicy({ strategy: 'fixed', params: { model: 'c' } }), {
      count: 400,
      fields,
    });

    expect([evaluation.judged, evaluation.from_shadow]).toEqual([200, 100]);
    // Half of the decisions are b's, half c's.
    expect(evaluation.quality?.doubly_robust.value).toBeCloseTo((0.8 + 0.3) / 2, 1);
  });

  it("its own and the champion's value, from their own decisions", async () => {
    const champion = aPolicy({ id: 'default' });
    const fields = (index: number) => (index % 4 === 0 ? { policy: 'judged' } : {});

    const evaluation = await evaluate(always('b'), { fields }, champion);

    const mean = 0.4 * 0.5 + 0.4 * 0.8 + 0.2 * 0.3;
    expect(evaluation.own?.count).toBe(500);
    expect(evaluation.champion?.count).toBe(1_500);
    expect(isNear(evaluation.champion?.quality ?? { value: 0, low: 0, high: 0 }, mean)).toBe(true);
    expect(evaluation.champion?.cost_usd.value).toBe(0);
  });

  it('nothing, where there was nothing', async () => {
    expect(await evaluate(always('a'), { count: 0 })).toMatchObject({
      read: 0,
      judged: 0,
      effective_size: 0,
      coverage: 0,
      quality: null,
      own: null,
    });
  });

  it('no interval of one decision', async () => {
    const { quality } = await evaluate(always('a'), { count: 1, propensities: { a: 1 } });

    expect(quality?.ips).toMatchObject({ low: null, high: null });
  });

  it('the same each time', async () => {
    const policy = aPolicy({ strategy: 'thompson' });

    expect(await evaluate(policy, { count: 300 })).toEqual(await evaluate(policy, { count: 300 }));
  });
});
