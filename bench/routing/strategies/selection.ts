/** The gateway's own selector (shared/services/selection) behind the replay's interface: thompson and ucb1. */
import { type ArmState, SELECT_CONTRACT, type SelectStrategy } from '../../../shared/model/selection.ts';
import { selectBatch } from '../../../shared/services/selection/select-batch.ts';
import type { Arm, Strategy, StrategyMaker } from './strategy.ts';

const POLICY = 'replay';
const ID = 'replay';

export const ownSelector = (
  strategy: SelectStrategy,
  params: { exploration?: number; gamma?: number },
  name: string = strategy,
): StrategyMaker => ({ name, make: (arms) => new OwnSelector(strategy, params, arms) });

class OwnSelector implements Strategy {
  readonly #strategy: SelectStrategy;
  readonly #params: { exploration?: number; gamma?: number };
  readonly #arms: readonly Arm[];
  readonly #states = new Map<string, ArmState>();

  constructor(
    strategy: SelectStrategy,
    params: { exploration?: number; gamma?: number },
    arms: readonly Arm[],
  ) {
    this.#strategy = strategy;
    this.#params = params;
    this.#arms = arms;
  }

  choose(_: Float64Array, seed: number): number {
    const request = {
      ...{ id: ID, policy: POLICY, strategy: this.#strategy, params: this.#params, seed },
      // The offset is already in units of quality, so it travels as a latency of scale 1.
      weights: { quality: 1, cost: 0, latency: 1, cost_scale_usd: 1, latency_scale_ms: 1 },
      candidates: this.#arms.map(({ id, prior, offset }) => ({
        ...{ id, prior_quality: prior, cost_usd: 0, latency_ms: -offset },
      })),
    };
    const state = { version: 1, freshness: 'fresh' as const, arms: this.#states };
    const reply = selectBatch({ contract: SELECT_CONTRACT, requests: [request] }, new Map([[POLICY, state]]));
    const result = 'results' in reply ? reply.results[0] : undefined;
    if (result === undefined || 'error' in result) throw new Error('the selector refused the replay');
    return this.#arms.findIndex(({ id }) => id === result.ranking[0]?.id);
  }

  learn(_: Float64Array, arm: number, score: number): void {
    const id = this.#arms[arm]?.id ?? '';
    const gamma = this.#params.gamma ?? 1;
    const old = this.#states.get(id) ?? { n: 0, sum: 0, sumSquares: 0, count: 0 };
    this.#states.set(id, {
      n: gamma * old.n + 1,
      sum: gamma * old.sum + score,
      sumSquares: gamma * old.sumSquares + score * score,
      count: old.count + 1,
    });
  }
}
