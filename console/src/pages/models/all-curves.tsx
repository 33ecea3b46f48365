import type { ModelPoint } from '../../api/shapes.ts';
import { useSeries } from '../../api/use-live.ts';
import { LineChart } from '../../charts/line-chart.tsx';
import { useModelColors } from '../../charts/use-model-colors.ts';
import { ms, percent } from '../../lib/format.ts';
import { aligned, aMinute, seconds, sinceFirst, smoothed } from '../../lib/series.ts';
import { Card } from '../../ui/card.tsx';
import { Empty, Loaded } from '../../ui/state.tsx';

export const AllCurves = () => {
  const series = useSeries();
  const colors = useModelColors(Object.keys(series.data?.by_model ?? {}));
  return (
    <Loaded query={series} what="Reading the last hour">
      {({ points: hour, by_model, step_s }) => {
        const points = sinceFirst(hour);
        const models = Object.keys(by_model).sort();
        if (models.length === 0)
          return (
            <Card title="Latency and errors by model">
              <Empty title="No model answered in the last hour">Their curves show here once one does.</Empty>
            </Card>
          );
        const at = points.map((point) => seconds(point.at));
        const lines = (pick: (point: ModelPoint) => number | null) =>
          models.map((id) => ({
            label: id,
            // Single answers would make the lines jump.
            values: smoothed(aligned(points, by_model[id] ?? [], pick, null), aMinute(step_s)),
            color: colors(id),
          }));
        return (
          <div className="grid-2">
            <Card title="Latency by model" note="median, mean over a minute">
              <LineChart
                label="Latency by model"
                at={at}
                least={10}
                format={ms}
                lines={lines((p) => p.p50_ms)}
              />
            </Card>
            <Card title="Errors by model" note="share of answers that failed for good, mean over a minute">
              <LineChart
                label="Error rate by model"
                at={at}
                least={0.05}
                format={(value) => percent(value)}
                lines={lines((p) => (p.requests > 0 ? p.errors / p.requests : null))}
              />
            </Card>
          </div>
        );
      }}
    </Loaded>
  );
};
