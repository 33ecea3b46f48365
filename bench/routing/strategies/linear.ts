/**
 * Linear reference strategies, a ridge regression an arm on the score minus the arm's prior:
 * linucb (Li, Chu, Langford & Schapire, WWW 2010, disjoint), lin-thompson (Agrawal & Goyal, ICML 2013; arms are
 * independent, so drawing x'theta from its normal is drawing theta), epsilon-greedy and greedy.
 * `pooled` adds one regression that all arms share, fitted to every score: how hard a prompt is for any model is
 * learnt once, and an arm's own regression is left with what sets it apart (the hybrid model of Li et al. 2010, fitted
 * in two stages).
 */
import { NORMAL_ATOMS } from '../../../shared/services/selection/discrete/normal.ts';
import { winProbabilities } from '../../../shared/services/selection/discrete/winner.ts';
import { Sfc32 } from '../../../shared/services/selection/random.ts';
import { indexOfLargest } from '../outcomes.ts';
import { Ridge } from './ridge.ts';
import type { Arm, Strategy, StrategyMaker } from './strategy.ts';

export interface LinearOptions {
  readonly explore: 'ucb' | 'thompson' | 'epsilon';
  /** Standard deviations (ucb, thompson) or share of random choices (epsilon). */
  readonly amount: number;
  readonly lambda: number;
  readonly biasLambda?: number;
  readonly gamma?: number;
  readonly pooled?: boolean;
  /** Share of choices made at random where propensities are asked for (thompson), as the selector has it. */
  readonly floor?: number;
}

const FLOOR = 0.001;

export const linear = (name: string, options: LinearOptions): StrategyMaker => ({
  name,
  make: (arms, size) => new Linear(options, arms, size),
});

class Linear implements Strategy {
  readonly #options: LinearOptions;
  readonly #arms: readonly Arm[];
  readonly #own: readonly Ridge[];
  readonly #shared: Ridge;

  constructor(options: LinearOptions, arms: readonly Arm[], size: number) {
    this.#options = options;
    this.#arms = arms;
    this.#own = arms.map(() => new Ridge(size, options));
    this.#shared = new Ridge(size, options);
  }

  choose(x: Float64Array, seed: number): number {
    const random = new Sfc32(seed);
    const { explore, amount } = this.#options;
    if (explore === 'epsilon') {
      return random.nextUnit() < amount
        ? Math.floor(random.nextUnit() * this.#arms.length)
        : indexOfLargest(this.#means(x));
    }
    if (explore === 'ucb') return indexOfLargest(this.#bounds(x));
    const deviations = this.#deviations(x);
    return indexOfLargest(this.#means(x).map((mean, arm) => mean + (deviations[arm] ?? 0) * normal(random)));
  }

  propensities(x: Float64Array): number[] {
    const { explore, amount, floor = FLOOR } = this.#options;
    const means = this.#means(x);
    if (explore === 'thompson') {
      const deviations = this.#deviations(x);
      const atoms = means.flatMap((mean, arm) => NORMAL_ATOMS.map((z) => mean + (deviations[arm] ?? 0) * z));
      return mixed([...winProbabilities(Float64Array.from(atoms))], floor);
    }
    const best = indexOfLargest(explore === 'ucb' ? this.#bounds(x) : means);
    return mixed(
      means.map((_, arm) => (arm === best ? 1 : 0)),
      explore === 'epsilon' ? amount : 0,
    );
  }

  learn(x: Float64Array, arm: number, score: number): void {
    const { pooled = false } = this.#options;
    const rest = score - (this.#arms[arm]?.prior ?? 0) - (pooled ? this.#shared.predict(x) : 0);
    if (pooled) this.#shared.learn(x, score - (this.#arms[arm]?.prior ?? 0));
    this.#own[arm]?.learn(x, rest);
  }

  /** Utility, but for what all arms share. */
  #means(x: Float64Array): number[] {
    return this.#own.map((ridge, arm) => {
      const { prior, offset } = this.#arms[arm] ?? { prior: 0, offset: 0 };
      return prior + offset + ridge.predict(x);
    });
  }

  #bounds(x: Float64Array): number[] {
    const deviations = this.#deviations(x);
    return this.#means(x).map((mean, arm) => mean + (deviations[arm] ?? 0));
  }

  #deviations(x: Float64Array): number[] {
    const { amount } = this.#options;
    return this.#own.map((ridge) => (amount === 0 ? 0 : amount * Math.sqrt(ridge.variance(x))));
  }
}

/** `share` of the choices made at random. */
const mixed = (shares: readonly number[], share: number): number[] =>
  shares.map((one) => (1 - share) * one + share / shares.length);

/** Standard normal, polar method (Marsaglia & Bray 1964); the pair's second number is left unused. */
function normal(random: Sfc32): number {
  for (;;) {
    const one = random.nextSigned();
    const other = random.nextSigned();
    const square = one * one + other * other;
    if (square < 1 && square > 0) return one * Math.sqrt((-2 * Math.log(square)) / square);
  }
}
