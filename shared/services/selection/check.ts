/**
 * Judges the values of an event once: behind it every number is finite and in range. Order, bounds and wording
 * are those of rust-selector/src/contract/check.rs, since only the first finding is reported.
 */

import { MAX_FEATURE, MAX_FEATURES } from '../../model/linear-state.ts';
import type {
  SelectBatch,
  SelectBatchErrorCode,
  SelectCandidate,
  SelectError,
  SelectRequest,
  SelectRequestErrorCode,
} from '../../model/selection.ts';
import { MAX_SELECT_CANDIDATES, MAX_SELECT_REQUESTS, SELECT_CONTRACT } from '../../model/selection.ts';

export type RequestFault = SelectError<SelectRequestErrorCode>;

const ID = /^[!-~]{1,128}$/;
const ID_RULE = '1 to 128 printable ASCII characters without blanks';

export const MISSING_FEATURES: RequestFault = { code: 'missing_features', message: 'features are missing' };

type Bounds = readonly [least: number, most: number, rule: string];
const NOT_NEGATIVE: Bounds = [0, 1e12, '0 to 1e12'];
const SCALE: Bounds = [1e-9, 1e12, '1e-9 to 1e12'];
const UNIT: Bounds = [0, 1, '0 to 1'];
const SAFE: Bounds = [0, Number.MAX_SAFE_INTEGER, 'a whole number from 0 to 2^53 - 1'];
const FEATURE: Bounds = [-MAX_FEATURE, MAX_FEATURE, '-1e6 to 1e6'];

export function batchFault(batch: SelectBatch): SelectError<SelectBatchErrorCode> | undefined {
  if (batch.contract !== SELECT_CONTRACT) {
    return { code: 'unknown_contract', message: `contract must be ${SELECT_CONTRACT}` };
  }
  const tooWide = batch.requests.some((request) => request.candidates.length > MAX_SELECT_CANDIDATES);
  if (batch.requests.length > MAX_SELECT_REQUESTS || tooWide) {
    const message = `a batch holds at most ${MAX_SELECT_REQUESTS} requests of at most ${MAX_SELECT_CANDIDATES} candidates`;
    return { code: 'too_many_requests', message };
  }
  return undefined;
}

/** Everything but the strategy's own parameters. */
export function requestFault(request: SelectRequest): RequestFault | undefined {
  const { weights } = request;
  return (
    idFault('id', request.id) ??
    idFault('policy', request.policy) ??
    seedFault(request.seed) ??
    numberFault('weights.quality', weights.quality, NOT_NEGATIVE) ??
    numberFault('weights.cost', weights.cost, NOT_NEGATIVE) ??
    numberFault('weights.latency', weights.latency, NOT_NEGATIVE) ??
    numberFault('weights.cost_scale_usd', weights.cost_scale_usd, SCALE) ??
    numberFault('weights.latency_scale_ms', weights.latency_scale_ms, SCALE) ??
    candidatesFault(request.candidates) ??
    (request.features === undefined ? undefined : featuresFault(request.features)) ??
    (request.task === undefined ? undefined : wholeFault('task', request.task, SAFE))
  );
}

export function numberFault(field: string, value: number, bounds: Bounds): RequestFault | undefined {
  if (!Number.isFinite(value)) return { code: 'non_finite', message: `${field} is not a finite number` };
  const [least, most, rule] = bounds;
  return value >= least && value <= most ? undefined : invalid(field, rule);
}

function candidatesFault(candidates: readonly SelectCandidate[]): RequestFault | undefined {
  if (candidates.length === 0) return { code: 'empty_candidates', message: 'candidates is empty' };
  const seen = new Set<string>();
  for (const [index, candidate] of candidates.entries()) {
    const fault = candidateFault(`candidates[${index}]`, candidate);
    if (fault !== undefined) return fault;
    if (seen.has(candidate.id)) {
      return { code: 'duplicate_candidate', message: `candidates[${index}].id occurs twice` };
    }
    seen.add(candidate.id);
  }
  return undefined;
}

function candidateFault(at: string, candidate: SelectCandidate): RequestFault | undefined {
  return (
    idFault(`${at}.id`, candidate.id) ??
    numberFault(`${at}.prior_quality`, candidate.prior_quality, UNIT) ??
    numberFault(`${at}.cost_usd`, candidate.cost_usd, NOT_NEGATIVE) ??
    numberFault(`${at}.latency_ms`, candidate.latency_ms, NOT_NEGATIVE) ??
    (candidate.availability === undefined
      ? undefined
      : numberFault(`${at}.availability`, candidate.availability, UNIT))
  );
}

function featuresFault(features: readonly number[]): RequestFault | undefined {
  if (features.length < 1 || features.length > MAX_FEATURES) {
    return invalid('features', `1 to ${MAX_FEATURES} numbers`);
  }
  for (const [index, feature] of features.entries()) {
    const fault = numberFault(`features[${index}]`, feature, FEATURE);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function seedFault(seed: number): RequestFault | undefined {
  return wholeFault('seed', seed, SAFE);
}

export function wholeFault(field: string, value: number, bounds: Bounds): RequestFault | undefined {
  const fault = numberFault(field, value, bounds);
  return fault ?? (Number.isInteger(value) ? undefined : invalid(field, bounds[2]));
}

export function idFault(field: string, value: string): RequestFault | undefined {
  return ID.test(value) ? undefined : invalid(field, ID_RULE);
}

export function invalid(field: string, rule: string): RequestFault {
  return { code: 'invalid_parameter', message: `${field} must be ${rule}` };
}
