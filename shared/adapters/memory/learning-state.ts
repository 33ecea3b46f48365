import type { PolicyState } from '../../model/selection.ts';
import type { LearningState } from '../../ports/learning-state.ts';

export class MemoryLearningState implements LearningState {
  readonly #states = new Map<string, PolicyState>();

  set(policy: string, state: PolicyState): void {
    this.#states.set(policy, state);
  }

  async read(policy: string): Promise<PolicyState> {
    return this.#states.get(policy) ?? { version: 0, freshness: 'fresh', arms: new Map() };
  }
}
