/** What happened over time: whole steps alone, each read once however many look. */
import type { ModelPoint, SeriesPoint, SeriesSpan } from '../../model/series.ts';
import type { MetricSource } from '../../ports/metric-source.ts';
import type { ObservationStore } from '../../ports/observation-store.ts';
import type { Clock } from '../../ports/runtime.ts';
import { readPoints } from './metric-points.ts';
import { ModelPoints } from './model-points.ts';

export interface SeriesDeps {
  metrics: MetricSource;
  observations: Pick<ObservationStore, 'list'>;
  clock: Clock;
}

export interface SeriesReport {
  step_s: number;
  complete: boolean;
  points: readonly SeriesPoint[];
  by_model: Record<string, ModelPoint[]>;
}

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
/** Readings that are remembered: one a viewer's choice of steps. */
const REMEMBERED = 8;

export class SeriesService {
  readonly #deps: SeriesDeps;
  readonly #models: ModelPoints;
  readonly #readings = new Map<string, Promise<SeriesPoint[]>>();

  constructor(deps: SeriesDeps) {
    this.#deps = deps;
    this.#models = new ModelPoints(deps.observations, deps.clock);
  }

  /** The finest step, milliseconds. */
  get stepMs(): number {
    return this.#deps.metrics.finestMs;
  }

  /** Milliseconds from now until the next whole step can be read. */
  untilNextMs(): number {
    const { metrics, clock } = this.#deps;
    const { finestMs, lagMs } = metrics;
    const since = (clock.now() - lagMs) % finestMs;
    return finestMs - since;
  }

  async report(minutes: number, stepS: number): Promise<SeriesReport> {
    const { finestMs } = this.#deps.metrics;
    const stepMs = Math.max(finestMs, Math.ceil((stepS * SECOND_MS) / finestMs) * finestMs);
    const to = this.#end(stepMs);
    const from = to - Math.max(1, Math.floor((minutes * 60 * SECOND_MS) / stepMs)) * stepMs;
    const now = this.#deps.clock.now();
    const [points, { complete, byModel }] = await Promise.all([
      this.#points({ from, to, stepMs }),
      this.#models.read({ from: Math.max(from, now - HOUR_MS), to: now }, stepMs),
    ]);
    return { step_s: stepMs / SECOND_MS, complete, points, by_model: byModel };
  }

  /** The last whole step of the finest kind. */
  async newest(): Promise<SeriesPoint | undefined> {
    const stepMs = this.stepMs;
    const to = this.#end(stepMs);
    return (await this.#points({ from: to - stepMs, to, stepMs })).at(-1);
  }

  /** Where the last step ends of which all is there. */
  #end(stepMs: number): number {
    const { metrics, clock } = this.#deps;
    return Math.floor((clock.now() - metrics.lagMs) / stepMs) * stepMs;
  }

  #points(span: SeriesSpan): Promise<SeriesPoint[]> {
    const key = `${span.from} ${span.to} ${span.stepMs}`;
    const known = this.#readings.get(key);
    if (known !== undefined) return known;
    const reading = readPoints(this.#deps.metrics, span);
    this.#readings.set(key, reading);
    reading.catch(() => this.#readings.delete(key));
    const [oldest] = this.#readings.keys();
    if (this.#readings.size > REMEMBERED && oldest !== undefined) this.#readings.delete(oldest);
    return reading;
  }
}
