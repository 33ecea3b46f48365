import type { Sfc32 } from '../../shared/services/selection/random.ts';

/** 0 to n - 1 in random order (Fisher & Yates). */
export function permutation(n: number, random: Sfc32): number[] {
  const order = Array.from({ length: n }, (_, index) => index);
  for (let last = n - 1; last > 0; last -= 1) {
    const other = Math.floor(random.nextUnit() * (last + 1));
    const kept = order[last] ?? 0;
    order[last] = order[other] ?? 0;
    order[other] = kept;
  }
  return order;
}

/** The items at those positions; positions beyond the end give nothing. */
export const pick = <T>(items: readonly T[], order: readonly number[]): T[] =>
  order.flatMap((at) => (at < items.length ? [items[at] as T] : []));
