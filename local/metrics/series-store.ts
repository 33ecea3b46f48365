/** An hour of what all gateway processes counted, in steps of two seconds: what stands for CloudWatch's memory at home. */
import { addBins, type Bins, quantileOf } from './latency-bins.ts';
import type { Tallied } from './series-tally.ts';

export const STEP_MS = 2_000;
const STEPS = 1_800 + 60;

interface Step {
  counts: Map<string, number>;
  times: Map<string, Bins>;
  /** Open connections by process, as last told in this step. */
  levels: Map<number, number>;
}

const keyOf = (service: string, name: string): string => `${service} ${name}`;
const QUANTILE = /^p(\d{1,2}(?:\.\d+)?)$/;

export class SeriesStore {
  /** By its beginning, milliseconds since the epoch. */
  readonly #steps = new Map<number, Step>();
  readonly #level: string;

  /** `service` and `name` of the one metric that is a level and no count. */
  constructor(service = 'ws-gate', name = 'ActiveConnections') {
    this.#level = keyOf(service, name);
  }

  take(now: number, process: number, { tallied, level }: { tallied?: Tallied; level: number }): void {
    const step = this.#stepOf(now);
    step.levels.set(process, level);
    for (const [service, name, value] of tallied?.counts ?? []) {
      const key = keyOf(service, name);
      step.counts.set(key, (step.counts.get(key) ?? 0) + value);
    }
    for (const [service, name, bins] of tallied?.times ?? []) {
      const key = keyOf(service, name);
      const known = step.times.get(key) ?? new Map();
      addBins(known, bins);
      step.times.set(key, known);
    }
  }

  /** Values by the beginning of each period that has one; times are milliseconds. */
  read(
    metric: { service: string; name: string; statistic: string },
    span: { from: number; to: number; periodMs: number },
  ): [at: number, value: number][] {
    const key = keyOf(metric.service, metric.name);
    const periods = new Map<number, Step[]>();
    for (const [at, step] of this.#steps) {
      if (at < span.from || at >= span.to) continue;
      const period = Math.floor(at / span.periodMs) * span.periodMs;
      const steps = periods.get(period);
      if (steps === undefined) periods.set(period, [step]);
      else steps.push(step);
    }
    return [...periods]
      .sort(([a], [b]) => a - b)
      .flatMap(([at, steps]): [number, number][] => {
        const value = this.#valueOf(key, metric.statistic, steps);
        return value === undefined ? [] : [[at, value]];
      });
  }

  #valueOf(key: string, statistic: string, steps: readonly Step[]): number | undefined {
    if (key === this.#level) {
      const levels = steps
        .filter((step) => step.levels.size > 0)
        .map(({ levels: all }) => [...all.values()].reduce((sum, level) => sum + level, 0));
      return levels.length === 0 ? undefined : Math.max(...levels);
    }
    const quantile = QUANTILE.exec(statistic)?.[1];
    if (quantile !== undefined) {
      const bins: Bins = new Map();
      for (const step of steps) addBins(bins, step.times.get(key) ?? []);
      return quantileOf(bins, Number(quantile) / 100);
    }
    const counts = steps.flatMap(({ counts: all }) => all.get(key) ?? []);
    return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
  }

  #stepOf(now: number): Step {
    const at = Math.floor(now / STEP_MS) * STEP_MS;
    const known = this.#steps.get(at);
    if (known !== undefined) return known;
    const step: Step = { counts: new Map(), times: new Map(), levels: new Map() };
    this.#steps.set(at, step);
    const [oldest] = this.#steps.keys();
    if (this.#steps.size > STEPS && oldest !== undefined) this.#steps.delete(oldest);
    return step;
  }
}
