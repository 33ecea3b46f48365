/** What the replay asks of a strategy; anything that chooses and learns can stand behind it. */

export interface Arm {
  readonly id: string;
  /** Registered quality, the prior, 0 to 1. */
  readonly prior: number;
  /** Added to the quality when comparing: what cost and latency take away. */
  readonly offset: number;
}

export interface Strategy {
  /** The arm's position; `x` is the context, `seed` all the randomness there is, `task` what a caller would name the task. */
  choose(x: Float64Array, seed: number, task?: string): number;
  /** Probability of each arm for that context, for logs; they add up to 1. */
  propensities?(x: Float64Array, seed: number): number[];
  learn(x: Float64Array, arm: number, score: number, task?: string): void;
}

export interface StrategyMaker {
  readonly name: string;
  make(arms: readonly Arm[], size: number): Strategy;
}
