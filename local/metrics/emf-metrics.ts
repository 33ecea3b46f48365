/**
 * What CloudWatch makes of EMF lines, for Prometheus: functions print the same lines as on AWS, and here they are added up.
 * Counts become counters, times histograms in seconds; the only label is the service, a function's name.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

interface EmfDirective {
  Metrics: { Name: string; Unit?: string }[];
}

interface EmfLine {
  _aws: { CloudWatchMetrics: EmfDirective[] };
  service?: unknown;
  [name: string]: unknown;
}

/** What one process has counted; those of several add up. */
export type MetricsReport = object[];

/** Seconds. A selection takes milliseconds, an answer of a large model a minute. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
/** Numbers of now, which the gateway knows better: it is asked when somebody looks. */
const GAUGES = new Set(['ActiveConnections', 'OpenBreakers']);
const MARK = '"_aws"';

const isEmf = (value: unknown): value is EmfLine => {
  const directives = (value as Partial<EmfLine> | null)?._aws?.CloudWatchMetrics;
  return Array.isArray(directives) && directives.every(({ Metrics }) => Array.isArray(Metrics));
};

const parse = (line: string): EmfLine | undefined => {
  try {
    const value: unknown = JSON.parse(line);
    return isEmf(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/** RateLimited to rate_limited. */
const snake = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();

const valuesOf = (value: unknown): number[] =>
  (Array.isArray(value) ? value : [value]).filter((one): one is number => Number.isFinite(one));

/** Told of each value beside: times in milliseconds. */
export type Overhear = (service: string, name: string, isTime: boolean, values: readonly number[]) => void;

export class EmfMetrics {
  readonly #overhear: Overhear | undefined;
  readonly #registry = new Registry();
  readonly #counters = new Map<string, Counter<'service'>>();
  readonly #histograms = new Map<string, Histogram<'service'>>();

  constructor(overhear?: Overhear) {
    this.#overhear = overhear;
  }

  /** Takes what a function printed; whatever is no EMF line is passed over. */
  take(line: string): void {
    if (!line.includes(MARK)) return;
    const emf = parse(line);
    if (emf === undefined) return;
    const service = typeof emf.service === 'string' ? emf.service : 'none';
    for (const { Name, Unit } of emf._aws.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics)) {
      if (GAUGES.has(Name)) continue;
      const values = valuesOf(emf[Name]);
      this.#overhear?.(service, Name, Unit === 'Milliseconds', values);
      if (Unit === 'Milliseconds') {
        const histogram = this.#histogram(Name);
        for (const ms of values) histogram.observe({ service }, ms / 1_000);
      } else
        this.#counter(Name).inc(
          { service },
          Math.max(
            0,
            values.reduce((sum, one) => sum + one, 0),
          ),
        );
    }
  }

  /** A number that is looked up whenever somebody asks. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      ...{ name, help, registers: [this.#registry] },
      collect() {
        this.set(read());
      },
    });
  }

  report(): Promise<MetricsReport> {
    return this.#registry.getMetricsAsJSON();
  }

  #counter(name: string): Counter<'service'> {
    let counter = this.#counters.get(name);
    if (counter === undefined) {
      counter = new Counter({
        name: `atp_${snake(name)}_total`,
        help: `${name}, as sent to CloudWatch.`,
        labelNames: ['service'],
        registers: [this.#registry],
      });
      this.#counters.set(name, counter);
    }
    return counter;
  }

  #histogram(name: string): Histogram<'service'> {
    let histogram = this.#histograms.get(name);
    if (histogram === undefined) {
      histogram = new Histogram({
        name: `atp_${snake(name)}_seconds`,
        help: `${name}, as sent to CloudWatch.`,
        labelNames: ['service'],
        buckets: BUCKETS,
        registers: [this.#registry],
      });
      this.#histograms.set(name, histogram);
    }
    return histogram;
  }
}
