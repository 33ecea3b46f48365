import { useMemo } from 'react';
import type { Series } from '../../api/shapes.ts';
import { LineChart } from '../../charts/line-chart.tsx';
import { useModelColors } from '../../charts/use-model-colors.ts';
import { count, ms, percent, rate, usd } from '../../lib/format.ts';
import { aligned, seconds, sinceFirst, trafficByModel } from '../../lib/series.ts';
import { Card } from '../../ui/card.tsx';

const perSecond = (value: number): string => `${rate(value)}/s`;

export const NowCharts = ({ series }: { readonly series: Series }) => {
  const { step_s: step, by_model } = series;
  const points = useMemo(() => sinceFirst(series.points), [series.points]);
  const at = useMemo(() => points.map((point) => seconds(point.at)), [points]);
  const models = trafficByModel(series).map(({ id }) => id);
  const color = useModelColors(models);
  return (
    <div className="grid-2">
      <Card title="Requests" note={`a second, mean of ${step} s`}>
        <LineChart
          label="Requests a second over the last hour"
          at={at}
          least={1}
          format={perSecond}
          lines={[
            {
              label: 'Answered',
              values: points.map((p) => (p.requests - p.errors) / step),
              color: 'var(--c1)',
              fill: true,
            },
            { label: 'Errors', values: points.map((p) => p.errors / step), color: 'var(--bad)' },
            { label: 'Limit hits', values: points.map((p) => p.limit_hits / step), color: 'var(--c6)' },
          ]}
        />
      </Card>
      <Card title="Latency" note="of whole answers">
        <LineChart
          label="Latency percentiles over the last hour"
          at={at}
          least={10}
          format={ms}
          lines={[
            { label: 'p50', values: points.map((p) => p.p50_ms), color: 'var(--c3)' },
            { label: 'p95', values: points.map((p) => p.p95_ms), color: 'var(--c5)' },
            { label: 'p99', values: points.map((p) => p.p99_ms), color: 'var(--c4)' },
          ]}
        />
      </Card>
      <Card title="Traffic by model" note="requests a second">
        <LineChart
          label="Requests a second by model over the last hour"
          at={at}
          stacked
          least={1}
          format={perSecond}
          lines={models.map((id) => ({
            label: id,
            values: aligned(points, by_model[id] ?? [], (p) => p.requests / step, 0),
            color: color(id),
          }))}
        />
      </Card>
      <Card title="Spend" note="dollars an hour, at the rate of each step">
        <LineChart
          label="Spend an hour over the last hour"
          at={at}
          least={0.01}
          format={usd}
          lines={[
            {
              label: 'Spend /h',
              values: points.map((p) => (p.cost_usd / step) * 3_600),
              color: 'var(--c7)',
              fill: true,
            },
          ]}
        />
      </Card>
      <Card title="Errors" note="share of requests that failed">
        <LineChart
          label="Share of requests that failed over the last hour"
          at={at}
          least={0.05}
          format={(value) => percent(value)}
          lines={[
            {
              label: 'Error rate',
              values: points.map((p) => (p.requests > 0 ? p.errors / p.requests : null)),
              color: 'var(--bad)',
              fill: true,
            },
          ]}
          height={150}
        />
      </Card>
      <Card title="Selector" note="decisions a second: Rust, or TypeScript while Rust is away">
        <LineChart
          label="Decisions a second by selector over the last hour"
          at={at}
          stacked
          least={1}
          format={perSecond}
          height={150}
          lines={[
            { label: 'Rust', values: points.map((p) => p.rust / step), color: 'var(--c2)' },
            { label: 'TypeScript', values: points.map((p) => p.typescript / step), color: 'var(--c5)' },
          ]}
        />
      </Card>
      <Card title="Connections" note="WebSockets open">
        <LineChart
          label="Open WebSockets over the last hour"
          at={at}
          least={4}
          format={count}
          height={150}
          lines={[
            {
              label: 'Open',
              values: points.map((p) => p.active_connections),
              color: 'var(--c1)',
              fill: true,
            },
          ]}
        />
      </Card>
      <Card title="Tokens" note="a second">
        <LineChart
          label="Tokens a second over the last hour"
          at={at}
          least={10}
          format={perSecond}
          height={150}
          lines={[
            { label: 'Read', values: points.map((p) => p.tokens_in / step), color: 'var(--c3)' },
            { label: 'Written', values: points.map((p) => p.tokens_out / step), color: 'var(--c7)' },
          ]}
        />
      </Card>
    </div>
  );
};
