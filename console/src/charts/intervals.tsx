/** Values with their intervals, one a row, on one scale: what is believed, and how firmly. */
import { tick as tidy } from '../lib/format.ts';
import { linear } from './scale.ts';
import { useWidth } from './use-width.ts';

const ROW = 30;
const BOTTOM = 24;
/** What a number on the axis takes. */
const TICK = 44;

export interface Interval {
  readonly label: string;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly color: string;
  /** A second mark, hollow: what was registered, or measured otherwise. */
  readonly mark?: number | null;
}

interface Props {
  readonly rows: readonly Interval[];
  readonly label: string;
  readonly format: (value: number) => string;
  readonly range?: readonly [number, number];
}

export const Intervals = ({ rows, label, format, range }: Props) => {
  const [box, width] = useWidth();
  const left = Math.min(150, 18 + 7.2 * Math.max(4, ...rows.map((row) => row.label.length)));
  const right = width - 64;
  const known = rows
    .flatMap(({ value, low, high, mark }) => [value, low, high, mark ?? null])
    .filter(isNumber);
  const [min, max] = range ?? [Math.min(...known), Math.max(...known)];
  const margin = range === undefined ? (max - min || 0.1) * 0.08 : 0;
  const fitting = Math.min(5, Math.max(1, Math.floor((right - left) / TICK)));
  const { place, ticks } = linear([min - margin, max + margin], [left, right], fitting);
  const clip = (value: number): number => Math.min(right, Math.max(left, place(value)));
  const height = rows.length * ROW + BOTTOM;
  const summary = rows
    .map((row) => `${row.label} ${row.value === null ? 'not known' : format(row.value)}`)
    .join(', ');
  return (
    <figure className="chart" ref={box}>
      <svg
        className="chart-svg"
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`${label}: ${summary}`}
      >
        {ticks.map((tick) => (
          <g key={tick}>
            <line className="grid" x1={place(tick)} x2={place(tick)} y1={0} y2={height - BOTTOM} />
            <text x={place(tick)} y={height - 6} textAnchor="middle">
              {tidy(format(tick))}
            </text>
          </g>
        ))}
        {rows.map((row, index) => {
          const y = index * ROW + ROW / 2;
          return (
            <g key={row.label}>
              <text className="label" x={left - 10} y={y + 4} textAnchor="end">
                {row.label}
              </text>
              {row.low !== null && row.high !== null && (
                <line
                  x1={clip(row.low)}
                  x2={clip(row.high)}
                  y1={y}
                  y2={y}
                  stroke={row.color}
                  strokeWidth="7"
                  strokeOpacity="0.35"
                  strokeLinecap="round"
                />
              )}
              {isNumber(row.mark) && (
                <circle
                  cx={clip(row.mark)}
                  cy={y}
                  r="4.5"
                  fill="var(--surface)"
                  stroke="var(--line-strong)"
                  strokeWidth="1.6"
                />
              )}
              {row.value !== null && <circle cx={clip(row.value)} cy={y} r="4.5" fill={row.color} />}
              <text x={right + 12} y={y + 4}>
                {row.value === null ? 'not yet' : format(row.value)}
              </text>
            </g>
          );
        })}
      </svg>
    </figure>
  );
};

const isNumber = (value: number | null | undefined): value is number => typeof value === 'number';
