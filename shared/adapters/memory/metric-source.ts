/** Metrics that are told by hand. */
import type { SeriesSpan } from '../../model/series.ts';
import type { MetricQuery, MetricSource } from '../../ports/metric-source.ts';

interface Sample {
  at: number;
  name: string;
  service: string;
  value: number;
}

const RANKS = { p50: 0.5, p95: 0.95, p99: 0.99 } as const;

const statisticOf = (values: readonly number[], statistic: MetricQuery['statistic']): number => {
  if (statistic === 'Sum') return values.reduce((sum, value) => sum + value, 0);
  if (statistic === 'Maximum') return Math.max(...values);
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(RANKS[statistic] * sorted.length) - 1] ?? 0;
};

export class MemoryMetrics implements MetricSource {
  readonly finestMs: number;
  readonly lagMs: number;
  readonly #samples: Sample[] = [];

  constructor(finestMs = 2_000, lagMs = 2_000) {
    this.finestMs = finestMs;
    this.lagMs = lagMs;
  }

  add(service: string, name: string, at: number, value: number): void {
    this.#samples.push({ service, name, at, value });
  }

  async read(
    queries: readonly MetricQuery[],
    { from, to, stepMs }: SeriesSpan,
  ): Promise<ReadonlyMap<number, number>[]> {
    return queries.map(({ name, service, statistic }) => {
      const steps = new Map<number, number[]>();
      for (const sample of this.#samples) {
        if (sample.name !== name || sample.service !== service) continue;
        if (sample.at < from || sample.at >= to) continue;
        const step = Math.floor(sample.at / stepMs) * stepMs;
        steps.set(step, [...(steps.get(step) ?? []), sample.value]);
      }
      return new Map([...steps].map(([step, values]) => [step, statisticOf(values, statistic)]));
    });
  }
}
