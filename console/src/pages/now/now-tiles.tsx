import type { Point } from '../../api/shapes.ts';
import { count, duration, percent, rate, usd } from '../../lib/format.ts';
import { share, sum, totals } from '../../lib/series.ts';

interface TileProps {
  readonly label: string;
  readonly value: string;
  readonly unit?: string;
  readonly note: string;
}

const Tile = ({ label, value, unit = '', note }: TileProps) => (
  <div className="tile">
    <dt>{label}</dt>
    <dd>
      {value}
      {unit !== '' && <span className="unit">{unit}</span>}
    </dd>
    <dd className="tile-note">{note}</dd>
  </div>
);

interface Props {
  /** The newest steps of the stream. */
  readonly recent: readonly Point[];
  readonly stepS: number;
  readonly hour: readonly Point[];
  readonly hourStepS: number;
}

const NEWEST = 5;

/** The newest step in which something was measured. */
const newest = (points: readonly Point[], pick: (point: Point) => number | null): number | null => {
  const point = points.findLast((one) => pick(one) !== null);
  return point === undefined ? null : pick(point);
};

export const NowTiles = ({ recent, stepS, hour, hourStepS }: Props) => {
  // Before the stream's first step, and while there is none, the hour's last one stands for it.
  const now = recent.length > 0 ? recent.slice(-NEWEST) : hour.slice(-1);
  const last = totals(now);
  const window = Math.max(1, now.length) * (recent.length > 0 ? stepS : hourStepS);
  const all = totals(hour);
  const either = [...hour.slice(-6), ...recent];
  const latency = (pick: (point: Point) => number | null) => duration(newest(either, pick));
  const tokensOf = (points: readonly Point[]): number => sum(points, (p) => p.tokens_in + p.tokens_out);
  const tokens = tokensOf(now);
  const allTokens = tokensOf(hour);
  const decided = last.rust + last.typescript > 0 ? last : all;
  return (
    <dl className="tiles" aria-label="Now">
      <Tile
        label="Requests"
        value={rate(last.requests / window)}
        unit="/s"
        note={`${count(all.requests)} in the hour`}
      />
      <Tile label="Latency p50" {...latency((p) => p.p50_ms)} note="newest step" />
      <Tile label="Latency p95" {...latency((p) => p.p95_ms)} note="newest step" />
      <Tile label="Latency p99" {...latency((p) => p.p99_ms)} note="newest step" />
      <Tile
        label="Errors"
        value={percent(share(last.errors, last.requests) ?? 0)}
        note={`${count(all.errors)} in the hour`}
      />
      <Tile
        label="Spend"
        value={usd((last.costUsd / window) * 3_600)}
        unit="/h"
        note={`${usd(all.costUsd)} in the hour`}
      />
      <Tile
        label="Connections"
        value={count(newest(either, (p) => p.active_connections))}
        note="WebSockets open"
      />
      <Tile
        label="Limit hits"
        value={rate(last.limitHits / window)}
        unit="/s"
        note={`${count(all.limitHits)} in the hour`}
      />
      <Tile label="Tokens" value={rate(tokens / window)} unit="/s" note={`${count(allTokens)} in the hour`} />
      <Tile
        label="Decided by Rust"
        value={percent(share(decided.rust, decided.rust + decided.typescript), 0)}
        note={`${count(all.typescript)} by TypeScript, 1 h`}
      />
    </dl>
  );
};
