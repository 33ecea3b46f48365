/** uPlot's options in the console's looks: quiet grid, tabular axes, the nearest point under the pointer. */
import type uPlot from 'uplot';
import { tick } from '../lib/format.ts';
import { resolved } from './palette.ts';
import type { Span } from './span.ts';

export interface Line {
  readonly label: string;
  readonly values: readonly (number | null)[];
  readonly color: string;
  readonly fill?: boolean;
}

export interface Wanted {
  readonly width: number;
  readonly height: number;
  readonly lines: readonly Line[];
  readonly stacked: boolean;
  readonly max: number | undefined;
  /** The axis reaches at least so far, also where all is 0. */
  readonly least: number;
  readonly format: (value: number) => string;
  readonly onHover: (index: number | null) => void;
  /** Across a part of it, or back to all of it. */
  readonly onDrag: (span: Span | null) => void;
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

/** Points that no line reaches: without a dot of their own nobody would see them. */
export const alone = (values: ArrayLike<number | null | undefined>): number[] => {
  const found: number[] = [];
  // Thousands of points, at each drawing.
  for (let index = 0; index < values.length; index += 1) {
    if (values[index] != null && values[index - 1] == null && values[index + 1] == null) found.push(index);
  }
  return found;
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
    cursor: {
      y: false,
      // What was dragged over is told, and comes back as the scale.
      drag: { x: true, y: false, setScale: false, dist: 6 },
      bind: {
        dblclick: () => () => {
          wanted.onDrag(null);
          return null;
        },
      },
      points: { size: 6 },
    },
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
          points: wanted.stacked
            ? { show: false }
            : {
                show: false,
                filter: (plot: uPlot, line: number) => {
                  const found = alone(plot.data[line] ?? []);
                  return found.length === 0 ? null : found;
                },
                size: 5,
                width: 0,
                fill: stroke,
              },
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
    hooks: {
      setCursor: [(plot) => wanted.onHover(plot.cursor.idx ?? null)],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width === 0) return;
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          wanted.onDrag({ from: plot.posToVal(left, 'x'), to: plot.posToVal(left + width, 'x') });
        },
      ],
    },
  };
};

const two = (value: number): string => String(value).padStart(2, '0');

export const timeOfDay = (seconds: number): string => {
  const at = new Date(seconds * 1_000);
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  return at.getSeconds() === 0 ? time : `${time}:${two(at.getSeconds())}`;
};
