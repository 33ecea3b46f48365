/** `npm run simulate`: arguments in, text and an exit code out. */
import { simulate, type Watch } from './measure.ts';
import { HELP, optionsOf } from './options.ts';
import { claimsOf, report } from './report.ts';

export interface Ended {
  readonly text: string;
  readonly code: 0 | 1;
}

/** Throws with one line where the arguments are not valid. */
export const run = (
  args: readonly string[],
  watch: Omit<Watch, 'progress'> & { progress: (tenants: number, done: number, of: number) => void },
): Ended => {
  const options = optionsOf(args);
  if (options === undefined) return { text: HELP, code: 0 };
  const { each, seed, growth } = options;
  const outcomes = options.tenants.map((tenants) =>
    simulate(
      { tenants, requests: tenants * each, seed },
      { ...watch, progress: (done, of) => watch.progress(tenants, done, of) },
    ),
  );
  const claims = claimsOf(outcomes, growth);
  const text = options.json
    ? `${JSON.stringify({ seed, outcomes, claims }, null, 2)}\n`
    : report(outcomes, claims);
  return { text, code: claims.every(({ holds }) => holds) ? 0 : 1 };
};
