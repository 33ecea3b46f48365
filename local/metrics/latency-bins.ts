/**
 * Times in bins that each hold 4 % more than the one before, so that percentiles of any steps can be had together, off by 2 %
 * at most (DDSketch: Masson, Rim & Lee, "a fast and fully-mergeable quantile sketch", 2019).
 */
const GROWTH = 1.04;
const LOG_GROWTH = Math.log(GROWTH);
const LEAST_MS = 0.01;

/** Counts by bin. */
export type Bins = Map<number, number>;

export const binOf = (ms: number): number => Math.ceil(Math.log(Math.max(ms, LEAST_MS)) / LOG_GROWTH);

const msOf = (bin: number): number => (2 * GROWTH ** bin) / (GROWTH + 1);

export const addBins = (into: Bins, bins: Iterable<readonly [number, number]>): void => {
  for (const [bin, count] of bins) into.set(bin, (into.get(bin) ?? 0) + count);
};

/** Undefined where there is nothing. `share` is 0 to 1. */
export const quantileOf = (bins: Bins, share: number): number | undefined => {
  let all = 0;
  for (const count of bins.values()) all += count;
  const rank = Math.ceil(share * all);
  let below = 0;
  for (const [bin, count] of [...bins].sort(([a], [b]) => a - b)) {
    below += count;
    if (below >= rank) return msOf(bin);
  }
  return undefined;
};
