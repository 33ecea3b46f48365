/** What is drawn, out of what the router tells: sums, shares and bins. Pure, so that it can be tested. */
import type { ModelPoint, Point, Series } from '../api/shapes.ts';

export const seconds = (at: string): number => Date.parse(at) / 1_000;

export interface Totals {
  readonly requests: number;
  readonly errors: number;
  readonly limitHits: number;
  readonly costUsd: number;
  readonly rust: number;
  readonly typescript: number;
}

export const totals = (points: readonly Point[]): Totals => ({
  requests: sum(points, ({ requests }) => requests),
  errors: sum(points, ({ errors }) => errors),
  limitHits: sum(points, ({ limit_hits }) => limit_hits),
  costUsd: sum(points, ({ cost_usd }) => cost_usd),
  rust: sum(points, ({ rust }) => rust),
  typescript: sum(points, ({ typescript }) => typescript),
});

export const sum = <T>(list: readonly T[], of: (item: T) => number): number =>
  list.reduce((total, item) => total + of(item), 0);

/** A part of a whole; null where there is no whole. */
export const share = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);

/** A model's points on the times of all points: what is not there is null, or 0 where a count is wanted. */
export const aligned = (
  points: readonly Point[],
  ofModel: readonly ModelPoint[],
  pick: (point: ModelPoint) => number | null,
  missing: number | null,
): (number | null)[] => {
  const byTime = new Map(ofModel.map((point) => [point.at, point]));
  return points.map(({ at }) => {
    const point = byTime.get(at);
    return point === undefined ? missing : pick(point);
  });
};

const LEAST = 6;

/** Without the empty beginning of a young stage, so that what there is fills the chart. */
export const sinceFirst = (points: readonly Point[]): readonly Point[] => {
  const first = points.findIndex(({ requests, limit_hits }) => requests > 0 || limit_hits > 0);
  if (first <= 0) return points;
  return points.slice(Math.max(0, Math.min(first - 1, points.length - LEAST)));
};

/** Each value as the mean of itself and those before it, `size` in all; null where none of them is known. */
export const smoothed = (values: readonly (number | null)[], size: number): (number | null)[] =>
  values.map((_, index) => {
    const known = values.slice(Math.max(0, index + 1 - size), index + 1).filter((value) => value !== null);
    return known.length === 0 ? null : sum(known, (value) => value) / known.length;
  });

/** How many steps a minute has. */
export const aMinute = (stepS: number): number => Math.max(1, Math.round(60 / stepS));

/** Without its empty beginning. */
export const sinceFirstShare = <T extends { readonly requests: number }>(
  steps: readonly T[],
): readonly T[] => {
  const first = steps.findIndex(({ requests }) => requests > 0);
  return first <= 0 ? steps : steps.slice(first);
};

/** Counts by name (types, modes) as one list of values a name, on the times of all points. */
export const byName = (
  points: readonly Point[],
  pick: (point: Point) => Readonly<Record<string, number>>,
): ReadonlyMap<string, number[]> => {
  const names = [...new Set(points.flatMap((point) => Object.keys(pick(point))))].sort();
  return new Map(names.map((name) => [name, points.map((point) => pick(point)[name] ?? 0)]));
};

/** Neighbouring points as one, `size` at a time: counts add, percentiles keep the worst. */
export const coarser = (points: readonly Point[], size: number): Point[] => {
  const bins: Point[] = [];
  for (let from = 0; from < points.length; from += size) {
    const bin = points.slice(from, from + size);
    const first = bin[0];
    if (first === undefined) break;
    bins.push({
      ...first,
      requests: sum(bin, (p) => p.requests),
      errors: sum(bin, (p) => p.errors),
      limit_hits: sum(bin, (p) => p.limit_hits),
      cost_usd: sum(bin, (p) => p.cost_usd),
      tokens_in: sum(bin, (p) => p.tokens_in),
      tokens_out: sum(bin, (p) => p.tokens_out),
      rust: sum(bin, (p) => p.rust),
      typescript: sum(bin, (p) => p.typescript),
      p50_ms: worst(bin.map((p) => p.p50_ms)),
      p95_ms: worst(bin.map((p) => p.p95_ms)),
      p99_ms: worst(bin.map((p) => p.p99_ms)),
      active_connections: worst(bin.map((p) => p.active_connections)),
      pii_findings: added(bin.map((p) => p.pii_findings)),
      pii_modes: added(bin.map((p) => p.pii_modes)),
    });
  }
  return bins;
};

const worst = (values: readonly (number | null)[]): number | null =>
  values.reduce<number | null>(
    (most, value) => (value === null ? most : Math.max(most ?? value, value)),
    null,
  );

const added = (counts: readonly Readonly<Record<string, number>>[]): Record<string, number> => {
  const all: Record<string, number> = {};
  for (const record of counts) {
    for (const [name, n] of Object.entries(record)) all[name] = (all[name] ?? 0) + n;
  }
  return all;
};

/** How much a model answered, and in what share, over the whole series. */
export const trafficByModel = ({ by_model }: Series): { id: string; requests: number; share: number }[] => {
  const rows = Object.entries(by_model).map(([id, points]) => ({
    id,
    requests: sum(points, (p) => p.requests),
  }));
  const all = sum(rows, ({ requests }) => requests);
  return rows
    .map((row) => ({ ...row, share: share(row.requests, all) ?? 0 }))
    .sort((one, other) => other.requests - one.requests);
};
