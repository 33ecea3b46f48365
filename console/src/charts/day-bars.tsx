/** Stacked bars, one a day. Few of them, so plain SVG that who zooms and who listens can read. */
import { tick as tidy } from '../lib/format.ts';
import type { DayBar } from '../lib/usage.ts';
import { linear } from './scale.ts';
import { Swatch } from './swatch.tsx';
import { useModelColors } from './use-model-colors.ts';
import { useWidth } from './use-width.ts';

const HEIGHT = 170;
const LEFT = 56;
const BOTTOM = 22;
const TOP = 8;

interface Props {
  readonly bars: readonly DayBar[];
  readonly format: (value: number) => string;
  readonly label: string;
}

export const DayBars = ({ bars, format, label }: Props) => {
  const [box, width] = useWidth();
  const models = [...new Set(bars.flatMap(({ parts }) => parts.map(({ model }) => model)))];
  const color = useModelColors(models);
  const most = Math.max(...bars.map(({ total }) => total), 0) || 1;
  const { place, ticks } = linear([0, most * 1.05], [HEIGHT - BOTTOM, TOP], 4);
  const step = (width - LEFT) / Math.max(1, bars.length);
  const every = Math.ceil(bars.length / Math.max(1, Math.floor((width - LEFT) / 56)));
  const sum = bars.reduce((all, { total }) => all + total, 0);
  return (
    <figure className="chart" ref={box}>
      <svg
        className="chart-svg"
        viewBox={`0 0 ${width} ${HEIGHT}`}
        role="img"
        aria-label={`${label}: ${format(sum)} in ${bars.length} days, at most ${format(most)} a day`}
      >
        {ticks.map((tick) => (
          <g key={tick}>
            <line className="grid" x1={LEFT} x2={width} y1={place(tick)} y2={place(tick)} />
            <text x={LEFT - 8} y={place(tick) + 4} textAnchor="end">
              {tidy(format(tick))}
            </text>
          </g>
        ))}
        {bars.map((bar, index) => {
          let base = 0;
          const x = LEFT + index * step + Math.min(8, step * 0.15);
          return (
            <g key={bar.day}>
              <title>
                {[`${bar.day}: ${format(bar.total)}`]
                  .concat(bar.parts.map(({ model, value }) => `${model} ${format(value)}`))
                  .join('\n')}
              </title>
              {bar.parts.map(({ model, value }) => {
                const [from, to] = [place(base), place(base + value)];
                base += value;
                return (
                  <rect
                    key={model}
                    x={x}
                    y={to}
                    width={Math.max(1, Math.min(48, step - 2 * Math.min(8, step * 0.15)))}
                    height={Math.max(0, from - to)}
                    fill={color(model)}
                  />
                );
              })}
              {index % every === 0 && (
                <text x={x} y={HEIGHT - 6}>
                  {bar.day.slice(5)}
                </text>
              )}
            </g>
          );
        })}
      </svg>
      <figcaption className="chart-legend">
        {models.sort().map((model) => (
          <span className="chart-key" key={model}>
            <Swatch color={color(model)} />
            {model}
          </span>
        ))}
      </figcaption>
    </figure>
  );
};
