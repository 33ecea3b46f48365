/**
 * Points by model out of the newest observations: what each costs, takes and is worth. What was read before is remembered, so
 * that a further look reads only what is new; a score given to something old shows when that is read again.
 */
import type { Observation } from '../../model/observation.ts';
import type { ModelPoint } from '../../model/series.ts';
import type { ObservationStore } from '../../ports/observation-store.ts';
import type { Clock } from '../../ports/runtime.ts';
import { newestOf, type Span } from '../observation-span.ts';

interface Seen {
  at: number;
  model: string;
  isError: boolean;
  costUsd: number;
  latencyMs: number;
  score: number | null;
}

export interface ModelSeries {
  complete: boolean;
  byModel: Record<string, ModelPoint[]>;
}

/** Of observations: some 2 MB of memory. */
const REMEMBERED = 20_000;
const MOST_READ = 5_000;
const FRESH_MS = 5_000;

export class ModelPoints {
  readonly #observations: Pick<ObservationStore, 'list'>;
  readonly #clock: Clock;
  readonly #seen = new Map<string, Seen>();
  #reading: { at: number; complete: Promise<boolean> } | undefined;

  constructor(observations: Pick<ObservationStore, 'list'>, clock: Clock) {
    this.#observations = observations;
    this.#clock = clock;
  }

  /** `span` ends about now, and is always as long. */
  async read(span: Span, stepMs: number): Promise<ModelSeries> {
    const complete = await this.#fresh(span);
    return { complete, byModel: this.#points(span, stepMs) };
  }

  /** Those who ask together share a reading. */
  #fresh(span: Span): Promise<boolean> {
    const now = this.#clock.monotonic();
    if (this.#reading === undefined || now - this.#reading.at >= FRESH_MS) {
      const complete = this.#update(span);
      this.#reading = { at: now, complete };
      complete.catch(() => {
        this.#reading = undefined;
      });
    }
    return this.#reading.complete;
  }

  async #update(span: Span): Promise<boolean> {
    const { observations, truncated } = await newestOf(
      this.#observations,
      { from: span.from, to: this.#clock.now() },
      MOST_READ,
      (page) => page.every((observation) => this.#knows(observation)),
    );
    // Oldest first, so that what is forgotten first is the oldest.
    for (const observation of observations.reverse()) this.#seen.set(observation.id, seenOf(observation));
    for (const [id, { at }] of this.#seen) if (at < span.from) this.#seen.delete(id);
    const isOver = this.#seen.size > REMEMBERED;
    for (const id of this.#seen.keys()) {
      if (this.#seen.size <= REMEMBERED) break;
      this.#seen.delete(id);
    }
    return !truncated && !isOver;
  }

  #knows({ id, quality_score }: Observation): boolean {
    const known = this.#seen.get(id);
    return known !== undefined && known.score === quality_score;
  }

  #points({ from, to }: Span, stepMs: number): Record<string, ModelPoint[]> {
    const byModel = new Map<string, Map<number, Seen[]>>();
    for (const seen of this.#seen.values()) {
      if (seen.at < from || seen.at >= to) continue;
      const steps = byModel.get(seen.model) ?? new Map<number, Seen[]>();
      byModel.set(seen.model, steps);
      const step = Math.floor(seen.at / stepMs) * stepMs;
      const inStep = steps.get(step);
      if (inStep === undefined) steps.set(step, [seen]);
      else inStep.push(seen);
    }
    return Object.fromEntries(
      [...byModel].map(([model, steps]) => [
        model,
        [...steps].sort(([a], [b]) => a - b).map(([at, seen]) => pointOf(at, seen)),
      ]),
    );
  }
}

const seenOf = (observation: Observation): Seen => ({
  at: Date.parse(observation.created_at),
  model: observation.model,
  isError: observation.outcome !== 'success' && observation.outcome !== 'aborted',
  costUsd: observation.cost_usd,
  latencyMs: observation.latency_ms,
  score: observation.quality_score,
});

const pointOf = (at: number, seen: readonly Seen[]): ModelPoint => {
  const scores = seen.flatMap(({ score }) => (score === null ? [] : [score]));
  const times = seen.filter(({ isError }) => !isError).map(({ latencyMs }) => latencyMs);
  const sorted = times.sort((a, b) => a - b);
  return {
    at: new Date(at).toISOString(),
    requests: seen.length,
    errors: seen.filter(({ isError }) => isError).length,
    cost_usd: Math.round(seen.reduce((sum, { costUsd }) => sum + costUsd, 0) * 1e9) / 1e9,
    p50_ms: sorted[Math.ceil(sorted.length / 2) - 1] ?? null,
    quality:
      scores.length === 0
        ? null
        : Math.round((scores.reduce((sum, score) => sum + score, 0) / scores.length) * 1e4) / 1e4,
  };
};
