import type { PolicyState } from '../model/selection.ts';

/** What was learnt about a policy's arms; only the Rust `learn` function writes it. */
export interface LearningState {
  read(policy: string): Promise<PolicyState>;
}
