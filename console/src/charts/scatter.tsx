/** Quality against cost: one dot a model, its size by traffic, a line through those that nothing beats. */
import { tick as tidy } from '../lib/format.ts';
import { placeLabels } from './labels.ts';
import { linear, logarithmic } from './scale.ts';
import { useWidth } from './use-width.ts';

const HEIGHT = 280;
const PAD = { left: 44, right: 18, top: 14, bottom: 40 };

export interface Dot {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  /** 0 to 1. */
  readonly weight: number;
  readonly color: string;
  readonly frontier: boolean;
}

interface Props {
  readonly dots: readonly Dot[];
  readonly formatX: (value: number) => string;
  readonly xLabel: string;
  readonly yLabel: string;
}

export const Scatter = ({ dots, formatX, xLabel, yLabel }: Props) => {
  const [box, width] = useWidth();
  const xs = dots.map(({ x }) => x).filter((x) => x > 0);
  const [low, high] = [Math.min(...xs), Math.max(...xs)];
  const across: [number, number] = [PAD.left, width - PAD.right];
  const x = high / low > 8 ? logarithmic([low, high], across) : linear([0, high * 1.1], across, 5);
  const floor = Math.max(0, Math.floor((Math.min(...dots.map(({ y }) => y)) - 0.05) * 10) / 10);
  const y = linear([floor, 1], [HEIGHT - PAD.bottom, PAD.top], 5);
  const frontier = dots.filter((dot) => dot.frontier).sort((one, other) => one.x - other.x);
  const spots = dots.map((dot) => ({
    dot,
    text: dot.id,
    x: x.place(dot.x),
    y: y.place(dot.y),
    radius: 5 + 9 * Math.sqrt(dot.weight),
  }));
  const labels = placeLabels(spots, { left: across[0], right: width, top: 0, bottom: HEIGHT - PAD.bottom });
  const summary = dots.map((dot) => `${dot.id} ${dot.y.toFixed(2)} at ${formatX(dot.x)}`).join('; ');
  return (
    <figure className="chart" ref={box}>
      <svg
        className="chart-svg"
        viewBox={`0 0 ${width} ${HEIGHT}`}
        role="img"
        aria-label={`${yLabel} against ${xLabel}: ${summary}`}
      >
        {y.ticks.map((tick) => (
          <g key={tick}>
            <line className="grid" x1={across[0]} x2={across[1]} y1={y.place(tick)} y2={y.place(tick)} />
            <text x={across[0] - 8} y={y.place(tick) + 4} textAnchor="end">
              {tick}
            </text>
          </g>
        ))}
        {x.ticks.map((tick) => (
          <text key={tick} x={x.place(tick)} y={HEIGHT - PAD.bottom + 18} textAnchor="middle">
            {tidy(formatX(tick))}
          </text>
        ))}
        <text x={across[1]} y={HEIGHT - 4} textAnchor="end">
          {xLabel}
        </text>
        <text x={across[0] + 4} y={PAD.top - 2}>
          {yLabel}
        </text>
        <polyline
          points={frontier.map((dot) => `${x.place(dot.x)},${y.place(dot.y)}`).join(' ')}
          fill="none"
          stroke="var(--line-strong)"
          strokeWidth="1.5"
          strokeDasharray="4 4"
        />
        {spots.map(({ x: cx, y: cy, radius, dot }) => (
          <circle
            key={dot.id}
            cx={cx}
            cy={cy}
            r={radius}
            fill={dot.color}
            fillOpacity="0.85"
            stroke="var(--surface)"
          >
            <title>{`${dot.id}: ${dot.y.toFixed(3)} at ${formatX(dot.x)}`}</title>
          </circle>
        ))}
        {labels.map((label, index) => (
          <text className="label" key={spots[index]?.text} x={label.x} y={label.y} textAnchor={label.anchor}>
            {spots[index]?.text}
          </text>
        ))}
      </svg>
      <figcaption className="chart-legend">
        <span className="muted">
          Dashed: the frontier, models that no other beats in both. Size: share of traffic.
        </span>
      </figcaption>
    </figure>
  );
};
