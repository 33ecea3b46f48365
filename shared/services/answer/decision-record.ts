/** What is written down of a decision and of a request's steps, so that one request can be looked at later: numbers alone. */
import type { Candidate } from '../../model/decision.ts';
import type { Assessed, Observation, Steps } from '../../model/observation.ts';
import type { AskJob } from './ask-job.ts';

/** Candidates of each kind; more would double what an observation weighs. */
const MOST = 8;

const rounded = (value: number, per: number): number => Math.round(value * per) / per;

/** Three digits are enough to see, and each more is paid for a million times. */
const assessed = ({ quality, uncertainty, cost_usd, latency_ms, score }: Candidate): Assessed => [
  rounded(quality, 1e3),
  rounded(uncertainty, 1e3),
  Number(cost_usd.toPrecision(3)),
  Math.round(latency_ms),
  rounded(score, 1e3),
];

/** Without ids: those of `propensities` say whose each is, in the order in which JSON keeps them. */
export const decisionRecord = (
  candidates: readonly Candidate[],
  propensities: Observation['propensities'],
): Pick<Observation, 'ranking' | 'out'> => {
  const ranking: Assessed[] = [];
  for (const id in propensities) {
    const candidate = candidates.find((one) => one.id === id);
    if (ranking.length === MOST || candidate === undefined) break;
    ranking.push(assessed(candidate));
  }
  const out = candidates.filter(({ eligible }) => !eligible).slice(0, MOST);
  return {
    ranking,
    ...(out.length === 0
      ? {}
      : { out: Object.fromEntries(out.map(({ id, reason = 'not_in_policy' }) => [id, reason])) }),
  };
};

/** `latencyMs` is when the model had answered, since the request came in. */
export const stepsOf = (
  { before, cached }: Pick<AskJob, 'before' | 'cached'>,
  latencyMs: number,
): { steps?: Steps } => {
  if (before === undefined) return {};
  const { calledAt, ...steps } = before;
  if (cached !== undefined) return { steps };
  return { steps: { ...steps, call: [calledAt, rounded(Math.max(0, latencyMs - calledAt), 10)] } };
};
