import { describe, expect, it } from 'vitest';
import type { Outcomes } from '../../../bench/routing/outcomes.ts';
import { replay } from '../../../bench/routing/replay.ts';
import { epsilonGreedy, linThompson, linUcb } from '../../../bench/routing/strategies/all.ts';
import { fixed, uniform } from '../../../bench/routing/strategies/fixed.ts';
import { ownSelector } from '../../../bench/routing/strategies/selection.ts';
import type { Strategy, StrategyMaker } from '../../../bench/routing/strategies/strategy.ts';

/** Model a is right on even prompts, b on odd ones, c never; the context tells even from odd. */
const N = 900;
const OUTCOMES: Outcomes = {
  models: ['a', 'b', 'c'],
  prompts: Array.from({ length: N }, (_, at) => ({
    ...{ text: '', task: '' },
    scores: at % 2 === 0 ? [1, 0, 0] : [0, 1, 0],
    costs: [3, 2, 1],
  })),
};
const CONTEXTS = Array.from({ length: N }, (_, at) => Float64Array.of(1, at % 2 === 0 ? 1 : -1));
const ARMS = OUTCOMES.models.map((id) => ({ id, prior: 0.5, offset: 0 }));
const run = (maker: StrategyMaker, scenario = {}, seed = 1) =>
  replay(maker, {
    outcomes: OUTCOMES,
    contexts: CONTEXTS,
    arms: ARMS,
    scenario: { name: 'x', ...scenario },
    seed,
  });

/** Plays arm a and writes down what it is told, and when. */
const recorder = (): StrategyMaker & { told: { step: number; arm: number; score: number }[] } => {
  const told: { step: number; arm: number; score: number }[] = [];
  let step = -1;
  const strategy: Strategy = {
    choose: () => {
      step += 1;
      return 0;
    },
    learn: (_, arm, score) => told.push({ step, arm, score }),
  };
  return { name: 'recorder', told, make: () => strategy };
};

describe('a replay', () => {
  it('tells what references earn: one model, the best model of each prompt, and the price', () => {
    expect(run(fixed('a', 0))).toMatchObject({ reward: 0.5, cost: 3, bestSingle: 0.5, oracle: 1 });
    expect(run(uniform).reward).toBeGreaterThan(0.25);
  });

  it('shows a strategy nothing but the score of what it chose, one prompt after', () => {
    const maker = recorder();
    run(maker);

    expect(maker.told).toHaveLength(N - 1);
    expect(maker.told.every(({ arm }) => arm === 0)).toBe(true);
    expect(maker.told.slice(0, 3).map(({ step }) => step)).toEqual([0, 1, 2]);
    expect(maker.told.reduce((sum, { score }) => sum + score, 0) / N).toBeCloseTo(0.5, 1);
  });

  it('shows a part of the scores, or shows them late', () => {
    const part = recorder();
    const late = recorder();
    run(part, { share: 0.1 });
    run(late, { delay: 200 });

    expect(part.told.length / N).toBeGreaterThan(0.06);
    expect(part.told.length / N).toBeLessThan(0.14);
    expect(late.told.length).toBeLessThan(N - 50);
    expect(late.told.length).toBeGreaterThan(N - 200);
  });

  it('lets a model become worse half-way, for the references too', () => {
    const result = run(fixed('a', 0), { drop: { arm: 0, factor: 0 } });

    expect(result.reward).toBeCloseTo(0.25, 1);
    expect(result.lateReward).toBe(0);
    expect(result.lateOracle).toBeCloseTo(0.5, 1);
  });

  it('is the same for the same seed', () => {
    const maker = linThompson(0.3);

    expect(run(maker, {}, 5)).toEqual(run(maker, {}, 5));
    expect(run(maker, {}, 5).curve).not.toEqual(run(maker, {}, 6).curve);
  });

  it.each([linUcb(0.1), linThompson(0.1), epsilonGreedy(0.1)])(
    'is won by linear strategies where contexts matter: $name',
    (maker) => {
      expect(run(maker).reward).toBeGreaterThan(0.85);
    },
  );

  it('adapts to a model that becomes worse where the past fades', () => {
    const drop = { drop: { arm: 0, factor: 0 } };
    const fading = run(linUcb(0.3, { gamma: 0.98 }), drop);

    expect(fading.lateReward).toBeGreaterThan(0.4);
  });

  it('logs propensities that add up to 1, and the exploring share of each arm', () => {
    const strategy = epsilonGreedy(0.3).make(ARMS, 2);
    for (let step = 0; step < 40; step += 1) strategy.learn(Float64Array.of(1, 1), 1, 1);
    const shares = strategy.propensities?.(Float64Array.of(1, 1), 7) ?? [];

    expect(shares[0]).toBeCloseTo(0.1, 12);
    expect(shares[1]).toBeCloseTo(0.8, 12);
    expect(shares[2]).toBeCloseTo(0.1, 12);
  });

  it.each(['thompson', 'ucb1'] as const)(
    "runs the gateway's own %s, which leaves the worst model alone",
    (strategy) => {
      const { reward, cost } = run(ownSelector(strategy, { exploration: 0.2 }));

      expect(reward).toBeGreaterThan(0.42);
      expect(cost).toBeGreaterThan(2);
    },
  );
});
