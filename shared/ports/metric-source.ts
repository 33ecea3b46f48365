import type { SeriesSpan } from '../model/series.ts';

export interface MetricQuery {
  name: string;
  /** A function's name, as metrics are told apart by. */
  service: string;
  statistic: 'Sum' | 'Maximum' | 'p50' | 'p95' | 'p99';
}

/** What the functions counted, over time. */
export interface MetricSource {
  /** The finest step that there is, milliseconds. */
  readonly finestMs: number;
  /** How long after a step's end all of it is there, milliseconds. */
  readonly lagMs: number;
  /** Of each query the values of those steps that have one, by the step's beginning. */
  read(queries: readonly MetricQuery[], span: SeriesSpan): Promise<ReadonlyMap<number, number>[]>;
}
