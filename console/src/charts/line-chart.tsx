/** Lines or stacked areas over time, on a canvas; the legend shows what is under the pointer, or the newest. */
import { useEffect, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useTheme } from '../app/theme.ts';
import { type Line, plotOptions, stack } from './plot-options.ts';

interface Props {
  /** What is drawn, for who cannot see it. */
  readonly label: string;
  /** Seconds since 1970. */
  readonly at: readonly number[];
  readonly lines: readonly Line[];
  readonly format: (value: number) => string;
  readonly height?: number;
  readonly stacked?: boolean;
  readonly max?: number;
  readonly least?: number;
}

const last = (values: readonly (number | null)[]): number | null =>
  values.findLast((value) => value !== null) ?? null;

export const LineChart = ({
  label,
  at,
  lines,
  format,
  height = 180,
  stacked = false,
  max,
  least = 1e-9,
}: Props) => {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [hovered, setHovered] = useState<number | null>(null);
  const [theme] = useTheme();
  const data = useMemo(
    () => [at, ...(stacked ? stack(lines) : lines.map(({ values }) => values))] as uPlot.AlignedData,
    [at, lines, stacked],
  );
  const shape = `${theme} ${stacked} ${max} ${height} ${lines.map(({ label, color }) => label + color).join()}`;
  const latest = useRef({ data, lines, format });
  latest.current = { data, lines, format };

  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` names all that asks for another plot
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const { lines, format, data } = latest.current;
    const width = Math.max(120, element.clientWidth);
    const options = plotOptions({ width, height, lines, stacked, max, least, format, onHover: setHovered });
    const made = new uPlot(options, data, element);
    plot.current = made;
    const resized = new ResizeObserver(() => {
      made.setSize({ width: Math.max(120, element.clientWidth), height });
    });
    resized.observe(element);
    return () => {
      resized.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [shape]);

  useEffect(() => {
    plot.current?.setData(data);
  }, [data]);

  const shownOf = (line: Line): string => {
    const value = hovered === null ? last(line.values) : (line.values[hovered] ?? null);
    return value === null ? '–' : format(value);
  };
  const summary = lines.map((line) => `${line.label} ${shownOf(line)}`).join(', ');
  return (
    <figure className="chart">
      <div ref={box} role="img" aria-label={`${label}: ${summary}`} />
      <figcaption className="chart-legend">
        {lines.map((line) => (
          <span className="chart-key" key={line.label}>
            <Swatch color={line.color} />
            {line.label} <strong className="num">{shownOf(line)}</strong>
          </span>
        ))}
      </figcaption>
    </figure>
  );
};

export const Swatch = ({ color }: { readonly color: string }) => (
  <svg className="swatch" viewBox="0 0 10 10" aria-hidden="true">
    <rect width="10" height="10" rx="3" fill={color} />
  </svg>
);
