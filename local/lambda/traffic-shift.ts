/** CodeDeploy's part of a release, at home: the hook, the steps, and the way back when the alarm goes off. */
import type { Clock } from '../../shared/ports/runtime.ts';
import type { WeightedAlias } from './weighted-alias.ts';

export interface ShiftPlan {
  /** Added to the new version's share at each step. */
  step: number;
  stepMs: number;
  /** How often the alarm is looked at. */
  watchMs: number;
}

export interface ShiftDeps<Version> {
  alias: WeightedAlias<Version>;
  clock: Pick<Clock, 'sleep' | 'monotonic'>;
  /** Before any traffic. */
  verify: (version: Version) => Promise<boolean>;
  inAlarm: () => boolean;
}

export type ShiftOutcome = 'shifted' | 'refused' | 'rolled back';

export const shiftTraffic = async <Version>(
  { alias, clock, verify, inAlarm }: ShiftDeps<Version>,
  next: Version,
  { step, stepMs, watchMs }: ShiftPlan,
): Promise<ShiftOutcome> => {
  const former = alias.version;
  if (!(await verify(next).catch(() => false))) return 'refused';
  for (let share = step; share < 1; share += step) {
    alias.shift(next, share);
    const until = clock.monotonic() + stepMs;
    while (clock.monotonic() < until) {
      await clock.sleep(Math.min(watchMs, Math.max(1, until - clock.monotonic())));
      if (!inAlarm()) continue;
      alias.point(former);
      return 'rolled back';
    }
  }
  alias.point(next);
  return 'shifted';
};
