/** One request as it is looked at: its ranking and its steps, out of what was written down. */
import type { Candidate } from '../../../shared/model/decision.ts';
import type { Observation, StepTimes } from '../../../shared/model/observation.ts';

/** A candidate as far as it was written down. */
type Remembered = Pick<Candidate, 'id' | 'eligible' | 'reason' | 'propensity'> & {
  [Name in 'quality' | 'uncertainty' | 'cost_usd' | 'latency_ms' | 'score']: number | null;
};

const UNKNOWN = { quality: null, uncertainty: null, cost_usd: null, latency_ms: null, score: null } as const;

/** Best first; those that could not serve last. */
export const candidatesOf = ({ ranking = [], out = {}, propensities }: Observation): Remembered[] => {
  const eligible = Object.entries(propensities).map(([id, propensity], index): Remembered => {
    const assessed = ranking[index];
    if (assessed === undefined) return { id, eligible: true, ...UNKNOWN, propensity };
    const [quality, uncertainty, cost_usd, latency_ms, score] = assessed;
    return { id, eligible: true, quality, uncertainty, cost_usd, latency_ms, score, propensity };
  });
  const scoreOf = ({ score }: Remembered): number => score ?? Number.NEGATIVE_INFINITY;
  return [
    ...eligible.sort((a, b) => scoreOf(b) - scoreOf(a)),
    ...Object.entries(out).map(
      ([id, reason]): Remembered => ({ id, eligible: false, reason, ...UNKNOWN, propensity: 0 }),
    ),
  ];
};

interface Step {
  name: 'admit' | 'choose' | 'call' | 'settle';
  start_ms: number;
  /** Null of `settle`: it is the writing itself. */
  duration_ms: number | null;
}

const NAMES = ['admit', 'choose', 'call'] as const;

export const timelineOf = ({ steps, latency_ms }: Observation): Step[] => {
  if (steps === undefined) return [];
  const known = NAMES.flatMap((name) => {
    const times: StepTimes | undefined = steps[name];
    return times === undefined ? [] : [{ name, start_ms: times[0], duration_ms: times[1] }];
  });
  return [...known, { name: 'settle', start_ms: latency_ms, duration_ms: null }];
};
