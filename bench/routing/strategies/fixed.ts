/** What a person would do: one model for everything, or a coin. */
import { Sfc32 } from '../../../shared/services/selection/random.ts';
import type { StrategyMaker } from './strategy.ts';

/** Always the same arm. */
export const fixed = (name: string, arm: number): StrategyMaker => ({
  name,
  make: () => ({ choose: () => arm, learn: () => undefined }),
});

export const uniform: StrategyMaker = {
  name: 'random',
  make: (arms) => ({
    choose: (_, seed) => Math.floor(new Sfc32(seed).nextUnit() * arms.length),
    propensities: () => arms.map(() => 1 / arms.length),
    learn: () => undefined,
  }),
};
