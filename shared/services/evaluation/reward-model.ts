/** What a model is expected to earn: its mean in the log, drawn towards the mean of all where it was seldom used. */
import type { Policy } from '../../model/policy.ts';
import { type PastDecision, REWARDS, type Reward, rewardsOf } from './past-decision.ts';

interface Sums {
  count: number;
  total: Record<Reward, number>;
}

/** So many decisions at the mean of all count for each model. */
const SHRINKAGE = 5;

const nothing = (): Sums => ({ count: 0, total: { quality: 0, utility: 0, cost_usd: 0 } });

const add = (sums: Sums, rewards: Record<Reward, number>): void => {
  sums.count += 1;
  for (const reward of REWARDS) sums.total[reward] += rewards[reward];
};

export class RewardModel {
  readonly #all = nothing();
  readonly #byModel = new Map<string, Sums>();

  constructor(past: readonly PastDecision[], weights: Policy['weights']) {
    for (const one of past) {
      const sums = this.#byModel.get(one.model) ?? nothing();
      this.#byModel.set(one.model, sums);
      const rewards = rewardsOf(one, weights[one.quality]);
      add(sums, rewards);
      add(this.#all, rewards);
    }
  }

  /** 0 where the log was empty. */
  predict(reward: Reward, model: string): number {
    const mean = this.#all.count === 0 ? 0 : this.#all.total[reward] / this.#all.count;
    const { count, total } = this.#byModel.get(model) ?? nothing();
    return (total[reward] + SHRINKAGE * mean) / (count + SHRINKAGE);
  }
}
