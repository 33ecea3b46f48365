/** Mean and 95 % interval over seeds, by Student's t: seeds are few. */
import { mean } from './outcomes.ts';

export interface Interval {
  readonly mean: number;
  /** Half the interval's width; not a number for a single value. */
  readonly half: number;
}

/** Quantiles .975 by degrees of freedom; beyond 30 they are read off the next lower row. */
const T975: readonly (readonly [number, number])[] = [
  ...([
    [1, 12.706],
    [2, 4.303],
    [3, 3.182],
    [4, 2.776],
    [5, 2.571],
    [6, 2.447],
    [7, 2.365],
    [8, 2.306],
  ] as const),
  ...([
    [9, 2.262],
    [10, 2.228],
    [12, 2.179],
    [14, 2.145],
    [16, 2.12],
    [19, 2.093],
    [24, 2.064],
  ] as const),
  ...([
    [30, 2.042],
    [60, 2.0],
    [120, 1.98],
  ] as const),
];

export function intervalOf(values: readonly number[]): Interval {
  const centre = mean(values);
  const freedom = values.length - 1;
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / freedom);
  const t = T975.findLast(([from]) => from <= freedom)?.[1] ?? Number.NaN;
  return { mean: centre, half: (t * spread) / Math.sqrt(values.length) };
}
