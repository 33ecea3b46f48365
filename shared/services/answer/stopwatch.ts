/** When admission and choice, which run side by side, were done: a clock read each, for the timeline of one request. */
import type { StepTimes } from '../../model/observation.ts';

/** Tenths of a millisecond. */
const rounded = (ms: number): number => Math.round(ms * 10) / 10;

export const stopwatch = (monotonic: () => number, startedAt: number) => {
  const from = monotonic() - startedAt;
  const taken = (): StepTimes => [rounded(from), rounded(monotonic() - startedAt - from)];
  let admit: StepTimes | undefined;
  let choose: StepTimes = [rounded(from), 0];
  return {
    admit: <Verdict>(verdict: Verdict): Verdict => {
      admit = taken();
      return verdict;
    },
    choose: <Choice>(choice: Choice): Choice => {
      choose = taken();
      return choice;
    },
    before: () => ({
      ...(admit === undefined ? {} : { admit }),
      choose,
      calledAt: rounded(monotonic() - startedAt),
    }),
  };
};
