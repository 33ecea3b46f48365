/**
 * Metrics of concurrent requests, published together: validating and serialising them one by one took a tenth of a request's
 * CPU time. Counts are added up; of times every value is kept, as percentiles need them.
 */
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** As many values of one metric as an EMF line may hold. */
const MOST_REQUESTS = 100;
/** Sums that are no whole numbers. */
const NO_COUNTS = new Set(['CostUsd', 'QualityScore']);
/** Milliseconds; so that one long stream does not keep the others' metrics back. */
const MOST_AGE_MS = 1_000;
/** Milliseconds without a request after which a process that runs on publishes. */
export const METRICS_PAUSE_MS = 25;

/** Calls what it is given after so many milliseconds in which it was not asked again. */
export type Later = (publish: () => void, ms: number) => void;

export interface MetricBufferOptions {
  /** In milliseconds, monotonic. */
  now: () => number;
  /** Of a process that is never frozen between requests; without it metrics are published when nobody is under way. */
  later?: Later | undefined;
}

export class MetricBuffer {
  readonly #metrics: Metrics;
  readonly #now: () => number;
  readonly #later: Later | undefined;
  readonly #underway = new Set<string>();
  readonly #counts = new Map<string, number>();
  readonly #times: [name: string, ms: number][] = [];
  #requests = 0;
  #since = 0;

  constructor(metrics: Metrics, { now, later }: MetricBufferOptions) {
    this.#metrics = metrics;
    this.#now = now;
    this.#later = later;
  }

  began(requestId: string): void {
    this.#underway.add(requestId);
  }

  count(name: string, value = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + value);
  }

  time(name: string, ms: number): void {
    this.#times.push([name, ms]);
  }

  /** Publishes when nobody else is under way, since an instance may be frozen as soon as its last request has ended; where it is not, a moment later. */
  ended(requestId: string): void {
    this.#underway.delete(requestId);
    if (this.#requests === 0) this.#since = this.#now();
    this.#requests += 1;
    const isDue = this.#requests >= MOST_REQUESTS || this.#now() - this.#since >= MOST_AGE_MS;
    if (isDue) this.#publish();
    else if (this.#underway.size > 0) return;
    else if (this.#later === undefined) this.#publish();
    else this.#later(this.#publish, METRICS_PAUSE_MS);
  }

  readonly #publish = (): void => {
    if (this.#requests === 0) return;
    for (const [name, value] of this.#counts)
      this.#metrics.addMetric(name, NO_COUNTS.has(name) ? MetricUnit.NoUnit : MetricUnit.Count, value);
    for (const [name, ms] of this.#times) this.#metrics.addMetric(name, MetricUnit.Milliseconds, ms);
    this.#metrics.publishStoredMetrics();
    this.#counts.clear();
    this.#times.length = 0;
    this.#requests = 0;
  };
}
