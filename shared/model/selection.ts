/**
 * What the selector is asked and what it answers, contract version 1, field for field as in the JSON
 * (docs/architecture/selector-contract.md), and the learnt state that both selectors decide from. The state's
 * reader stands here because adapters need it, and they may not import services.
 */

import { decodeLinearState, type LinearState, packedLength } from './linear-state.ts';
import { decodeMemoryState, type MemoryState, packedMemoryLength } from './memory-state.ts';
import { decodeTaskCounts, type TaskCounts } from './task-counts.ts';

export const SELECT_CONTRACT = 1;
export const MAX_SELECT_REQUESTS = 1024;
export const MAX_SELECT_CANDIDATES = 1000;

/** As an error message lists them. */
export const SELECT_STRATEGIES = [
  'thompson',
  'ucb1',
  'linucb',
  'lin-thompson',
  'knn',
  'epsilon-greedy',
  'greedy',
  'fixed',
] as const;
export type SelectStrategy = (typeof SELECT_STRATEGIES)[number];

export interface SelectBatch {
  readonly contract: number;
  readonly requests: readonly SelectRequest[];
}

export interface SelectRequest {
  readonly id: string;
  readonly policy: string;
  readonly strategy: string;
  readonly params?: SelectParams;
  /** A whole number from 0 to 2^53 - 1. */
  readonly seed: number;
  readonly weights: SelectWeights;
  readonly candidates: readonly SelectCandidate[];
  /** What is known of the request, 1 to 64 numbers, of which the first is 1 by convention. */
  readonly features?: readonly number[];
  /** Hash of what the caller names its task, a whole number from 0 to 2^53 - 1. */
  readonly task?: number;
}

export interface SelectParams {
  /** Pseudo-observations that the registered quality is worth; 8. */
  readonly prior_strength?: number;
  /** Discount per observation, applied when learning; 1. */
  readonly gamma?: number;
  /** Scale of what is added to, or drawn around, the mean; 1. */
  readonly exploration?: number;
  /** beta, gaussian or linear; beta. */
  readonly likelihood?: string;
  /** ucb1 or tuned; ucb1. */
  readonly variant?: string;
  /** Standard deviation that one score is taken to have around its mean; 0.5. */
  readonly noise?: number;
  /** Strength of the ridge that holds a linear model to its prior; 1. */
  readonly lambda?: number;
  /** Share of choices made at random; 0.1. */
  readonly epsilon?: number;
  /** Share of choices made at random so that no candidate is out of the question (thompson, lin-thompson, knn); 0.001. */
  readonly floor?: number;
  /** How many of the nearest past requests speak of a candidate (knn); 64. */
  readonly neighbours?: number;
  /** How many of a candidate's scores are remembered, applied when learning (knn); 512. */
  readonly memory?: number;
  /** Scores of the named task that a linear model's prediction is worth; 16. */
  readonly task_strength?: number;
  /** Id of the candidate to choose, for `fixed`. */
  readonly model?: string;
}

export interface SelectWeights {
  readonly quality: number;
  readonly cost: number;
  readonly latency: number;
  readonly cost_scale_usd: number;
  readonly latency_scale_ms: number;
}

export interface SelectCandidate {
  readonly id: string;
  readonly prior_quality: number;
  readonly cost_usd: number;
  readonly latency_ms: number;
  /** Share of calls that succeed; 1. */
  readonly availability?: number;
}

export type SelectReply = SelectResults | SelectRefusal;

export interface SelectResults {
  readonly contract: number;
  readonly compute_us: number;
  readonly results: readonly SelectResult[];
}

export interface SelectRefusal {
  readonly contract: number;
  readonly error: SelectError<SelectBatchErrorCode>;
}

export type SelectResult = SelectChosen | SelectRefused;

export interface SelectChosen {
  readonly id: string;
  readonly state_version: number;
  readonly state: StateFreshness;
  /** The chosen one first, then by score. */
  readonly ranking: readonly RankedCandidate[];
}

export interface SelectRefused {
  readonly id: string;
  readonly error: SelectError<SelectRequestErrorCode>;
}

export interface RankedCandidate {
  readonly id: string;
  /** Posterior mean and standard deviation. */
  readonly quality: number;
  readonly uncertainty: number;
  /** Utility with the quality that the strategy goes by: the mean, a draw or an upper bound. */
  readonly score: number;
  /** Probability that this candidate comes first. */
  readonly propensity: number;
  /** How much of `quality` scores of the named task brought or took, where there are any. */
  readonly by_task?: number;
}

export interface SelectError<Code extends string> {
  readonly code: Code;
  readonly message: string;
}

/** `malformed` comes from the Rust side alone: here the types have judged the shape. */
export type SelectBatchErrorCode = 'unknown_contract' | 'malformed' | 'too_many_requests';

export type SelectRequestErrorCode =
  | 'empty_candidates'
  | 'non_finite'
  | 'unknown_strategy'
  | 'invalid_parameter'
  | 'duplicate_candidate'
  | 'missing_features'
  | 'singular_matrix';

/** Read for this event; less than a second old; older, as the store did not answer; never read. */
export type StateFreshness = 'fresh' | 'cached' | 'stale' | 'none';

/** What one arm has seen: discounted sums of its scores, and the undiscounted count. */
export interface ArmState {
  readonly n: number;
  readonly sum: number;
  readonly sumSquares: number;
  readonly count: number;
  /** What scores that came with features say. */
  readonly linear?: LinearState;
  /** The newest of those, where their policy asked for it. */
  readonly memory?: MemoryState;
  /** What those say that came with a task's name. */
  readonly tasks?: TaskCounts;
}

/** A policy's arms as they stood at one version. */
export interface PolicyState {
  readonly version: number;
  readonly freshness: StateFreshness;
  readonly arms: ReadonlyMap<string, ArmState>;
}

/** Format byte, three doubles, one 64-bit count, little-endian; format 2 appends a linear state, 3 a memory to that, 4 counts by
 * task to a memory that may hold nothing, later ones append to all of them. Twin of rust-selector/src/arm.rs. */
const SUMS_LENGTH = 33;
const LINEAR_FORMAT = 2;
const MEMORY_FORMAT = 3;
const TASKS_FORMAT = 4;

/** Undefined where the bytes cannot be an arm's state: its prior then decides. */
export function decodeArmState(bytes: Uint8Array): ArmState | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < SUMS_LENGTH || view.getUint8(0) < 1) return undefined;
  const state = {
    n: view.getFloat64(1, true),
    sum: view.getFloat64(9, true),
    sumSquares: view.getFloat64(17, true),
    count: view.getUint32(29, true) * 0x1_0000_0000 + view.getUint32(25, true),
  };
  if (!isPossible(state)) return undefined;
  if (view.getUint8(0) < LINEAR_FORMAT) return state;
  const linear = decodeLinearState(bytes.subarray(SUMS_LENGTH));
  if (linear === undefined) return undefined;
  if (view.getUint8(0) < MEMORY_FORMAT) return { ...state, linear };
  const behind = bytes.subarray(SUMS_LENGTH + packedLength(linear.dimension));
  const memory = decodeMemoryState(behind);
  if (memory === undefined) return undefined;
  if (view.getUint8(0) < TASKS_FORMAT) return { ...state, linear, memory };
  const tasks = decodeTaskCounts(behind.subarray(packedMemoryLength(memory)));
  if (tasks === undefined) return undefined;
  return { ...state, linear, ...(memory.scores.length === 0 ? {} : { memory }), tasks };
}

/** Scores lie in [0, 1] and are discounted, so 0 <= squares <= sum <= n <= count, but for rounding. */
function isPossible({ n, sum, sumSquares, count }: ArmState): boolean {
  const slack = 1e-9 * (1 + n);
  return (
    count <= Number.MAX_SAFE_INTEGER &&
    n <= count + slack &&
    sum <= n + slack &&
    sumSquares <= sum + slack &&
    sumSquares >= 0 &&
    n >= 0
  );
}
