/** A uPlot in an element: made anew when its shape changes, given new points as they come, and shown as it is looked at. */
import { type RefObject, useEffect, useRef } from 'react';
import uPlot from 'uplot';
import type { Wanted } from './plot-options.ts';
import { plotOptions } from './plot-options.ts';
import type { Span } from './span.ts';

interface Plotted extends Omit<Wanted, 'width'> {
  /** Another plot is made where it is another one. */
  readonly shape: string;
  readonly data: uPlot.AlignedData;
  readonly span: Span | null;
}

const LEAST_WIDTH = 120;

export const usePlot = (box: RefObject<HTMLDivElement | null>, wanted: Plotted): RefObject<uPlot | null> => {
  const plot = useRef<uPlot | null>(null);
  const isSpanned = useRef(false);
  const latest = useRef(wanted);
  latest.current = wanted;
  const { shape, data, span } = wanted;

  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` names all that asks for another plot
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const width = (): number => Math.max(LEAST_WIDTH, element.clientWidth);
    const { height } = latest.current;
    const made = new uPlot(plotOptions({ ...latest.current, width: width() }), latest.current.data, element);
    plot.current = made;
    const resized = new ResizeObserver(() => made.setSize({ width: width(), height }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [shape]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another plot has to be told of the span too
  useEffect(() => {
    const shown = plot.current;
    if (shown === null) return;
    if (shown.data !== data || (span === null && isSpanned.current)) shown.setData(data, span === null);
    if (span !== null) shown.setScale('x', { min: span.from, max: span.to });
    isSpanned.current = span !== null;
  }, [data, span, shape]);

  return plot;
};
