/** What is written down of a decision and of a request's steps, so that one request can be looked at later: numbers alone. */
import type { Candidate, IneligibleReason } from '../../model/decision.ts';
import type { Assessed, Observation, Steps } from '../../model/observation.ts';
import type { AskJob } from './ask-job.ts';

/** Candidates of each kind; more would double what an observation weighs. */
const MOST = 8;

const rounded = (value: number, per: number): number => Math.round(value * per) / per;

const assessed = ({ quality, uncertainty, cost_usd, latency_ms, score }: Candidate): Assessed => [
  rounded(quality, 1e4),
  rounded(uncertainty, 1e4),
  rounded(cost_usd, 1e9),
  Math.round(latency_ms),
  rounded(score, 1e4),
];

/** `candidates` are in the order of the ranking, those that may not serve last. */
export const decisionRecord = (candidates: readonly Candidate[]): Pick<Observation, 'ranking' | 'out'> => {
  const ranking: Record<string, Assessed> = {};
  const out: Record<string, IneligibleReason> = {};
  let ranked = 0;
  let left = 0;
  for (const candidate of candidates) {
    if (candidate.eligible) {
      if (ranked < MOST) ranking[candidate.id] = assessed(candidate);
      ranked += 1;
    } else if (candidate.reason !== undefined && left < MOST) {
      out[candidate.id] = candidate.reason;
      left += 1;
    }
  }
  return { ranking, ...(left === 0 ? {} : { out }) };
};

/** `latencyMs` is when the model had answered, since the request came in. */
export const stepsOf = (
  { before, cached }: Pick<AskJob, 'before' | 'cached'>,
  latencyMs: number,
): { steps?: Steps } => {
  if (before === undefined) return {};
  const { calledAt, ...steps } = before;
  if (cached !== undefined) return { steps };
  return { steps: { ...steps, call: [calledAt, rounded(Math.max(0, latencyMs - calledAt), 100)] } };
};
