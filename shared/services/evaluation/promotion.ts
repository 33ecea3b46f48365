/** When a challenger may take its champion's place, and what the champion is then. */
import type { Challenger, Policy } from '../../model/policy.ts';
import type { Evaluation } from './evaluate-policy.ts';

/** The guard: what it found and what it needs. */
export interface Refusal {
  reason:
    | 'too_few_decisions'
    | 'too_few_of_the_champion'
    | 'small_effective_size'
    | 'low_coverage'
    | 'not_better';
  /** `found` must be at least this; for not_better, above it. */
  needed: number;
  found: number | null;
}

/** With fewer, the normal approximation of the interval says nothing. */
const MIN_EFFECTIVE_SIZE = 30;
/** Of the challenger's choices the logs must speak, or what is estimated is another policy. */
const MIN_COVERAGE = 0.95;

/**
 * Empty where it may be promoted: the lower bounds of its utility by SNIPS and by the doubly robust estimator are both above the
 * champion's mean utility by the margin, from enough scored decisions of either, in the champion's weights.
 */
export const refusalsOf = (evaluation: Evaluation, { margin, min_count }: Challenger): Refusal[] => {
  const { judged, effective_size, coverage, utility, champion } = evaluation;
  const refusals: Refusal[] = [];
  const atLeast = (reason: Refusal['reason'], needed: number, found: number): void => {
    if (found < needed) refusals.push({ reason, needed, found });
  };
  atLeast('too_few_decisions', min_count, judged);
  atLeast('too_few_of_the_champion', min_count, champion?.count ?? 0);
  atLeast('small_effective_size', MIN_EFFECTIVE_SIZE, effective_size);
  atLeast('low_coverage', MIN_COVERAGE, coverage);
  const bounds = [utility?.snips.low ?? null, utility?.doubly_robust.low ?? null];
  const found = bounds.some((bound) => bound === null) ? null : Math.min(...(bounds as number[]));
  const needed = (champion?.utility.value ?? 0) + margin;
  if (found === null || found <= needed) refusals.push({ reason: 'not_better', needed, found });
  return refusals;
};

/** How the challenger chooses, with what it learnt; whose requests it routes and what they were promised is the champion's. */
export const promoted = (champion: Policy, challenger: Policy, now: string): Policy => {
  const {
    challenger: _,
    learning_state: __,
    candidates: ___,
    guard_rails: ____,
    features: _____,
    ...kept
  } = champion;
  const { strategy, params, features, weights, expected_output_tokens, candidates, guard_rails } = challenger;
  const { learning_state = challenger.id } = challenger;
  return {
    ...kept,
    version: champion.version + 1,
    strategy,
    params,
    ...(features === undefined ? {} : { features }),
    weights,
    expected_output_tokens,
    ...(candidates === undefined ? {} : { candidates }),
    ...(guard_rails === undefined ? {} : { guard_rails }),
    ...(learning_state === champion.id ? {} : { learning_state }),
    updated_at: now,
  };
};
