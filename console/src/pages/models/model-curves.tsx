import type { ModelPoint } from '../../api/shapes.ts';
import { useSeries } from '../../api/use-live.ts';
import { LineChart } from '../../charts/line-chart.tsx';
import { ms, percent, quality, rate } from '../../lib/format.ts';
import { aligned, aMinute, seconds, sinceFirst, smoothed } from '../../lib/series.ts';
import { Card } from '../../ui/card.tsx';
import { Empty, Loaded } from '../../ui/state.tsx';

export const ModelCurves = ({ id }: { readonly id: string }) => {
  const series = useSeries();
  return (
    <Loaded query={series} what="Reading the last hour">
      {({ points: hour, by_model, step_s }) => {
        const points = sinceFirst(hour);
        const own = by_model[id] ?? [];
        if (own.length === 0) {
          return (
            <Card title="The last hour">
              <Empty title="It answered nothing in the last hour" />
            </Card>
          );
        }
        const at = points.map((point) => seconds(point.at));
        // Steps in which it said nothing would make dots of the lines.
        const line = (pick: (point: ModelPoint) => number | null) =>
          smoothed(aligned(points, own, pick, null), aMinute(step_s));
        return (
          <div className="grid-2">
            <Card title="Latency" note="median, mean over a minute">
              <LineChart
                label={`Median latency of ${id}`}
                at={at}
                least={10}
                format={ms}
                lines={[{ label: 'p50', values: line((p) => p.p50_ms), color: 'var(--c3)' }]}
              />
            </Card>
            <Card title="Errors" note="share of its answers that failed for good, mean over a minute">
              <LineChart
                label={`Error rate of ${id}`}
                at={at}
                least={0.05}
                format={(value) => percent(value)}
                lines={[
                  {
                    label: 'Error rate',
                    values: line((p) => (p.requests > 0 ? p.errors / p.requests : null)),
                    color: 'var(--bad)',
                    fill: true,
                  },
                ]}
              />
            </Card>
            <Card title="Requests" note="a second">
              <LineChart
                label={`Requests a second of ${id}`}
                at={at}
                least={1}
                format={(value) => `${rate(value)}/s`}
                lines={[
                  {
                    label: 'Requests',
                    values: aligned(points, own, (p) => p.requests / step_s, 0),
                    color: 'var(--c1)',
                    fill: true,
                  },
                ]}
              />
            </Card>
            <Card title="Feedback" note="score from 0 to 1, mean over a minute">
              <LineChart
                label={`Mean feedback of ${id}`}
                at={at}
                max={1}
                format={quality}
                lines={[
                  {
                    label: 'Quality',
                    values: line((p) => p.quality),
                    color: 'var(--c7)',
                  },
                ]}
              />
            </Card>
          </div>
        );
      }}
    </Loaded>
  );
};
