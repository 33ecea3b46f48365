import { describe, expect, it } from 'vitest';
import { sourcesOf } from '../../../bench/routing/sources.ts';
import { byGroup } from '../../../bench/routing/yardsticks/by-group.ts';
import { logisticYardstick, ridgeYardstick } from '../../../bench/routing/yardsticks/linear.ts';
import type { Example } from '../../../bench/routing/yardsticks/model.ts';
import { nearestByFeatures, nearestByWords } from '../../../bench/routing/yardsticks/nearest.ts';
import { Sfc32 } from '../../../shared/services/selection/random.ts';

/** Model 0 answers questions about rivers, model 1 those about primes; both features and words tell them apart. */
const examples = (count: number): Example[] => {
  const random = new Sfc32(9);
  return Array.from({ length: count }, (_, at) => {
    const river = at % 2 === 0;
    const right = random.nextUnit() < 0.9;
    return {
      x: Float64Array.of(1, river ? 1 : -1),
      text: `${river ? 'which river flows' : 'which prime divides'} number ${at}`,
      scores: river === right ? [1, 0] : [0, 1],
    };
  });
};

const bySubject = byGroup('the best model of each subject', ({ text }) =>
  text.includes('river') ? 'r' : 'p',
);

describe.each([ridgeYardstick(2), logisticYardstick(2), nearestByFeatures, nearestByWords, bySubject])(
  '$name',
  (yardstick) => {
    it('learns which model suits which prompt', () => {
      const predict = yardstick.fit(examples(400));
      const [river = 0, riverOther = 0] = predict({
        x: Float64Array.of(1, 1),
        text: 'which river flows north',
      });
      const [primeOther = 0, prime = 0] = predict({
        x: Float64Array.of(1, -1),
        text: 'which prime divides nine',
      });

      expect(river).toBeGreaterThan(riverOther + 0.4);
      expect(prime).toBeGreaterThan(primeOther + 0.4);
      expect(river).toBeLessThan(1);
    });
  },
);

describe('the best model of each group', () => {
  it('is that of all where the group was never seen', () => {
    const predict = byGroup('by text', ({ text }) => text).fit([
      { x: Float64Array.of(1), text: 'seen', scores: [1, 0] },
      { x: Float64Array.of(1), text: 'also seen', scores: [1, 1] },
    ]);

    expect(predict({ x: Float64Array.of(1), text: 'unseen' })).toEqual([1, 0.5]);
    // Five prompts of the mean of all beside its own one.
    expect(predict({ x: Float64Array.of(1), text: 'seen' })[1]).toBeCloseTo(2.5 / 6, 12);
  });
});

describe('sources of the prompts', () => {
  it('are known for the rows that they were read off, and for no others', () => {
    expect(sourcesOf(6_108)).toHaveLength(6_108);
    expect(sourcesOf(6_108)?.[0]).toBe('logic_grid');
    expect(sourcesOf(6_108)?.at(-1)).toBe('gsm8k');
    expect(sourcesOf(500)).toBeUndefined();
  });
});
