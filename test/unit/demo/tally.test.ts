import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcomes } from '../../../bench/routing/outcomes.ts';
import { Tally } from '../../../demo/tally.ts';

const prompt = (scores: number[], costs: number[]) => ({ text: '', task: '', scores, costs });
const OUTCOMES: Outcomes = {
  models: ['cheap', 'dear'],
  prompts: [prompt([1, 1], [1, 4]), prompt([0, 1], [1, 4]), prompt([0.5, 0], [1, 4])],
};

const played = (models: readonly number[]): Tally => {
  const tally = new Tally(OUTCOMES);
  for (const [at, model] of models.entries()) {
    const one = OUTCOMES.prompts[at % 3];
    if (one !== undefined) tally.add(one, model);
  }
  return tally;
};

describe('the tally', () => {
  it('sets the router beside one model, a random one, and the best and cheapest of each prompt', () => {
    const standing = played([0, 0, 1]).standing();

    expect(standing.router).toEqual({ quality: 1 / 3, costUsd: 2 });
    expect(standing.bestSingle).toEqual({ model: 'dear', quality: 2 / 3, costUsd: 4 });
    expect(standing.random).toEqual({ quality: (0.5 + 2 / 3) / 2, costUsd: 2.5 });
    expect(standing.oracle).toEqual({ quality: 2.5 / 3, costUsd: 2 });
    expect(standing.shares).toEqual([2 / 3, 1 / 3]);
    expect(standing.lately).toEqual({
      router: { quality: 0, costUsd: 4 },
      bestSingle: { quality: 0, costUsd: 4 },
    });
  });

  it('can look back', () => {
    expect(played([1, 0, 0]).standing(1)).toMatchObject({ requests: 1, router: { quality: 1, costUsd: 4 } });
    expect(() => new Tally(OUTCOMES).standing()).toThrow(RangeError);
  });

  it('never sees anybody beat the best model of each prompt', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1), { minLength: 1, maxLength: 40 }), (models) => {
        const { router, bestSingle, oracle, random, shares } = played(models).standing();

        expect(oracle.quality).toBeGreaterThanOrEqual(Math.max(router.quality, bestSingle.quality) - 1e-12);
        expect(bestSingle.quality).toBeGreaterThanOrEqual(random.quality - 1e-12);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
      }),
    );
  });
});
