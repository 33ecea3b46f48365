/** uPlot's options in the console's looks: quiet grid, tabular axes, the nearest point under the pointer. */
import type uPlot from 'uplot';
import { tick } from '../lib/format.ts';
import { resolved } from './palette.ts';

export interface Line {
  readonly label: string;
  readonly values: readonly (number | null)[];
  readonly color: string;
  readonly fill?: boolean;
}

interface Wanted {
  readonly width: number;
  readonly height: number;
  readonly lines: readonly Line[];
  readonly stacked: boolean;
  readonly max: number | undefined;
  /** The axis reaches at least so far, also where all is 0. */
  readonly least: number;
  readonly format: (value: number) => string;
  readonly onHover: (index: number | null) => void;
}

const FONT = '11px Inter, system-ui, sans-serif';

/** Sums from the bottom up, for areas upon each other. */
export const stack = (lines: readonly Line[]): (number | null)[][] => {
  const below: number[] = [];
  return lines.map(({ values }) =>
    values.map((value, index) => {
      if (value === null) return null;
      const sum = (below[index] ?? 0) + value;
      below[index] = sum;
      return sum;
    }),
  );
};

export const plotOptions = (wanted: Wanted): uPlot.Options => {
  const muted = resolved('var(--muted)');
  const grid = resolved('var(--line)');
  const axis = {
    stroke: muted,
    font: FONT,
    grid: { stroke: grid, width: 1 },
    ticks: { show: false },
  };
  return {
    width: wanted.width,
    height: wanted.height,
    padding: [8, 28, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: {
      x: { time: true },
      y: { range: (_, __, high) => [0, wanted.max ?? Math.max(wanted.least, high * 1.08)] },
    },
    axes: [
      { ...axis, grid: { show: false }, size: 26, space: 70, values: (_, ticks) => ticks.map(timeOfDay) },
      {
        ...axis,
        size: 58,
        space: 34,
        values: (_, ticks) => ticks.map((value) => tick(wanted.format(value))),
      },
    ],
    series: [
      {},
      ...wanted.lines.map(({ label, color, fill }) => {
        const stroke = resolved(color);
        return {
          label,
          stroke,
          width: wanted.stacked ? 0 : 1.6,
          points: { show: false },
          spanGaps: false,
          ...(wanted.stacked ? { fill: `${stroke}d0` } : fill === true ? { fill: `${stroke}24` } : {}),
        };
      }),
    ],
    ...(wanted.stacked
      ? {
          bands: wanted.lines
            .slice(1)
            .map((_, index) => ({ series: [index + 2, index + 1] as [number, number] })),
        }
      : {}),
    hooks: { setCursor: [(plot) => wanted.onHover(plot.cursor.idx ?? null)] },
  };
};

const two = (value: number): string => String(value).padStart(2, '0');

const timeOfDay = (seconds: number): string => {
  const at = new Date(seconds * 1_000);
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  return at.getSeconds() === 0 ? time : `${time}:${two(at.getSeconds())}`;
};
