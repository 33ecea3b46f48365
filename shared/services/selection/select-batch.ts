/**
 * The selector in TypeScript: the same decisions as the Rust one from the same state and seed, for when that one
 * does not answer. Pure but for the clock that times it; golden files pin both.
 */
import type {
  ArmState,
  PolicyState,
  RankedCandidate,
  SelectBatch,
  SelectCandidate,
  SelectReply,
  SelectRequest,
  SelectResult,
  SelectWeights,
} from '../../model/selection.ts';
import { SELECT_CONTRACT } from '../../model/selection.ts';
import { buildPolicy } from './build-policy.ts';
import { batchFault, type RequestFault, requestFault } from './check.ts';
import { SelectionMemo } from './memo.ts';
import type { Policy } from './policy.ts';
import { Sfc32 } from './random.ts';

const NOTHING_SEEN: ArmState = { n: 0, sum: 0, sumSquares: 0, count: 0 };
const NOT_KNOWN: PolicyState = { version: 0, freshness: 'none', arms: new Map() };

/** A policy that is missing from `states` decides by priors. `clock` counts milliseconds; `memo` may outlive the call. */
export function selectBatch(
  batch: SelectBatch,
  states: ReadonlyMap<string, PolicyState>,
  clock: () => number = () => performance.now(),
  memo: SelectionMemo = new SelectionMemo(),
): SelectReply {
  const error = batchFault(batch);
  if (error !== undefined) return { contract: SELECT_CONTRACT, error };
  const started = clock();
  const results = batch.requests.map((request) =>
    select(request, states.get(request.policy) ?? NOT_KNOWN, memo),
  );
  const computeUs = Math.max(0, Math.round((clock() - started) * 1000));
  return { contract: SELECT_CONTRACT, compute_us: computeUs, results };
}

function select(request: SelectRequest, state: PolicyState, memo: SelectionMemo): SelectResult {
  const { id } = request;
  const error = requestFault(request);
  if (error !== undefined) return { id, error };
  const policy = buildPolicy(request.strategy, request.params ?? {});
  if (typeof policy !== 'function') return { id, error: policy };
  const ranking = rank(request, state, policy, memo);
  if ('code' in ranking) return { id, error: ranking };
  return { id, state_version: state.version, state: state.freshness, ranking };
}

function rank(
  request: SelectRequest,
  state: PolicyState,
  policy: Policy,
  memo: SelectionMemo,
): readonly RankedCandidate[] | RequestFault {
  const candidates = request.candidates.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  const arms = candidates.map((candidate) => ({
    id: candidate.id,
    priorQuality: candidate.prior_quality,
    offset: offset(request.weights, candidate),
    state: state.arms.get(candidate.id) ?? NOTHING_SEEN,
  }));
  const { weights, features = [], task, seed } = request;
  const verdict = policy({ qualityWeight: weights.quality, features, task, memo, arms }, new Sfc32(seed));
  if ('code' in verdict) return verdict;
  const ranked = verdict.assessed.map((one, index) => ({ id: candidates[index]?.id ?? '', ...one }));
  const [chosen] = ranked.splice(verdict.chosen, 1);
  if (chosen === undefined) throw new RangeError('a verdict without a choice');
  return [chosen, ...ranked.sort((one, other) => other.score - one.score)];
}

/** Cost and latency in their scales' units, and availability: away a tenth of the time loses a tenth of the worth
 * of a perfect answer. A subtraction, as a factor would reward failing when the utility is negative. */
function offset(weights: SelectWeights, candidate: SelectCandidate): number {
  return (
    -((weights.cost * candidate.cost_usd) / weights.cost_scale_usd) -
    (weights.latency * candidate.latency_ms) / weights.latency_scale_ms -
    weights.quality * (1 - (candidate.availability ?? 1))
  );
}
