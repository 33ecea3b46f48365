/**
 * Lines or stacked areas over time, on a canvas; the legend shows what is pointed at, or the newest. To look closer, drag
 * across it; by keyboard it is a slider along its points, with plus and minus to go in and out.
 */
import { type KeyboardEvent, useId, useMemo, useRef, useState } from 'react';
import type uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useTheme } from '../app/theme.ts';
import { Button } from '../ui/button.tsx';
import { type Line, stack, timeOfDay } from './plot-options.ts';
import { ALL, afterKey, type Look, spanOf } from './span.ts';
import { Swatch } from './swatch.tsx';
import { usePlot } from './use-plot.ts';

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
  const hint = useId();
  const [{ span, index }, setLook] = useState<Look>(ALL);
  const [theme] = useTheme();
  const data = useMemo(
    () => [at, ...(stacked ? stack(lines) : lines.map(({ values }) => values))] as uPlot.AlignedData,
    [at, lines, stacked],
  );
  // What came before the newest hour is not there to be looked at.
  const seen = useMemo(() => (span === null ? null : spanOf(at, span)), [at, span]);
  const plot = usePlot(box, {
    shape: `${theme} ${stacked} ${max} ${height} ${lines.map(({ label, color }) => label + color).join()}`,
    data,
    span: seen,
    ...{ height, lines, stacked, max, least, format },
    onHover: (next) => setLook((look) => (look.index === next ? look : { ...look, index: next })),
    onDrag: (dragged) => setLook((look) => ({ ...look, span: dragged })),
  });
  const pointed = index === null || index >= at.length ? null : index;

  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = afterKey(at, { span: seen, index: pointed }, event.key);
    if (next === undefined) return;
    event.preventDefault();
    setLook(next);
    const time = next.index === null ? undefined : at[next.index];
    // The plot's own cursor follows once the span that shows it is drawn.
    requestAnimationFrame(() => {
      const shown = plot.current;
      if (shown !== null)
        shown.setCursor({ left: time === undefined ? -10 : shown.valToPos(time, 'x'), top: 0 });
    });
  };

  const shownOf = (line: Line): string => {
    const value = pointed === null ? last(line.values) : (line.values[pointed] ?? null);
    return value === null ? '–' : format(value);
  };
  const time = pointed === null ? null : timeOfDay(at[pointed] ?? 0);
  const summary = lines.map((line) => `${line.label} ${shownOf(line)}`).join(', ');
  return (
    <figure className="chart">
      <div className="chart-look">
        {time !== null && <span className="num">{time}</span>}
        {seen !== null && (
          <Button small onClick={() => setLook(ALL)}>
            Show all
          </Button>
        )}
      </div>
      <div
        ref={box}
        className="chart-plot"
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, at.length - 1)}
        aria-valuenow={pointed ?? Math.max(0, at.length - 1)}
        aria-valuetext={`${time ?? 'newest'}: ${summary}`}
        aria-describedby={hint}
        onKeyDown={onKey}
        onBlur={() => setLook((look) => ({ ...look, index: null }))}
      />
      <p className={time === null && seen === null ? 'chart-hint' : 'chart-hint known'} id={hint}>
        Arrow keys go along it, + and − look closer and wider, Esc shows all.
      </p>
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
