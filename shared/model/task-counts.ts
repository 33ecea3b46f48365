/**
 * What an arm knows by the task that callers name: discounted counts and sums of its scores, by a hash of the name, since a
 * name is a caller's own words. Twin of rust-selector/src/task_counts.rs, which writes it and says which tasks are kept.
 */

/** Most tasks of an arm. */
export const MAX_TASKS = 32;

export interface TaskCount {
  /** Hash of the name: a whole number from 0 to 2^53 - 1. */
  readonly task: number;
  /** Discounted number of scores. */
  readonly n: number;
  /** Discounted sum of scores. */
  readonly sum: number;
}

/** In the order in which they were last counted. */
export type TaskCounts = readonly TaskCount[];

const HEAD = 2;
const ENTRY = 24;

/** u16 number of tasks, then of each its hash as u64, n and sum as doubles; little-endian. Bytes behind them are ignored.
 * Undefined where the bytes cannot be counts. */
export function decodeTaskCounts(bytes: Uint8Array): TaskCounts | undefined {
  if (bytes.byteLength < HEAD) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint16(0, true);
  if (count > MAX_TASKS || bytes.byteLength < HEAD + ENTRY * count) return undefined;
  const counts = Array.from({ length: count }, (_, index): TaskCount => {
    const at = HEAD + ENTRY * index;
    return {
      task: view.getUint32(at + 4, true) * 0x1_0000_0000 + view.getUint32(at, true),
      n: view.getFloat64(at + 8, true),
      sum: view.getFloat64(at + 16, true),
    };
  });
  return counts.every(isPossible) ? counts : undefined;
}

/** Scores lie in [0, 1], so 0 <= sum <= n, but for rounding. */
const isPossible = ({ task, n, sum }: TaskCount): boolean =>
  task <= Number.MAX_SAFE_INTEGER && Number.isFinite(n) && sum >= 0 && sum <= n + 1e-9 * (1 + n);
