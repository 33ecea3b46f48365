/** The TypeScript selector behind the same port: the same decisions from the same state and seed. Without state it decides on the priors. */
import {
  type PolicyState,
  SELECT_CONTRACT,
  type SelectRequest,
  type SelectResult,
} from '../../model/selection.ts';
import type { LearningState } from '../../ports/learning-state.ts';
import type { Clock } from '../../ports/runtime.ts';
import type { Selector } from '../../ports/selector.ts';
import { SelectionMemo } from '../selection/memo.ts';
import { selectBatch } from '../selection/select-batch.ts';
import { SwrCache } from '../swr-cache.ts';

/** Learnt state is at most 2 s old, or 5 minutes while the store is away. */
const STATE_BOUNDS = { freshMs: 1_000, staleMs: 2_000, errorMs: 300_000, maxEntries: 1_000 };

export class TypescriptSelector implements Selector {
  readonly backend = 'typescript';
  readonly #states: SwrCache<PolicyState>;
  readonly #memo = new SelectionMemo();

  constructor(state: LearningState, clock: Clock) {
    this.#states = new SwrCache((policy) => state.read(policy), clock, STATE_BOUNDS);
  }

  async select(requests: readonly SelectRequest[]): Promise<SelectResult[]> {
    const policies = [...new Set(requests.map(({ policy }) => policy))];
    const states = new Map<string, PolicyState>();
    await Promise.all(
      policies.map(async (policy) => {
        const state = await this.#states.get(policy).catch(() => undefined);
        if (state !== undefined) states.set(policy, state);
      }),
    );
    const reply = selectBatch({ contract: SELECT_CONTRACT, requests }, states, undefined, this.#memo);
    if ('error' in reply) throw new Error(reply.error.code);
    return [...reply.results];
  }
}
