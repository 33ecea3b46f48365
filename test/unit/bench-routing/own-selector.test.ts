import { describe, expect, it } from 'vitest';
import { linUcb } from '../../../bench/routing/strategies/all.ts';

const ARMS = ['a', 'b'].map((id) => ({ id, prior: 0.5, offset: 0 }));
/** Says nothing. */
const X = Float64Array.of(1);

describe('the selector in a replay', () => {
  it('tells tasks apart that the context does not, and goes by its own prediction for a new one', () => {
    const strategy = linUcb(0.1).make(ARMS, X.length);
    for (let round = 0; round < 40; round += 1) {
      for (const arm of [0, 1]) {
        strategy.learn(X, arm, arm === 0 ? 1 : 0, 'first');
        strategy.learn(X, arm, arm === 0 ? 0 : 0.9, 'second');
      }
    }

    expect(strategy.choose(X, 1, 'first')).toBe(0);
    expect(strategy.choose(X, 1, 'second')).toBe(1);
    // Over both, a has earned .5 and b .45.
    expect(strategy.choose(X, 1, 'third')).toBe(0);
  });
});
