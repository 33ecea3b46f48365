import { useMemo } from 'react';
import type { Adapter, Arms, Policy } from '../../api/shapes.ts';
import { Intervals } from '../../charts/intervals.tsx';
import { LineChart } from '../../charts/line-chart.tsx';
import { Scatter } from '../../charts/scatter.tsx';
import { useModelColors } from '../../charts/use-model-colors.ts';
import { percent, quality, usd } from '../../lib/format.ts';
import { regretBySteps, trueQuality } from '../../lib/regret.ts';
import { seconds, sinceFirstShare } from '../../lib/series.ts';
import { Card } from '../../ui/card.tsx';
import { Empty } from '../../ui/state.tsx';

interface Props {
  readonly arms: Arms;
  readonly policy: Policy;
  readonly adapters: readonly Adapter[];
}

const toEnd = (values: readonly (number | null)[]): (number | null)[] => [...values, values.at(-1) ?? null];

export const ArmCharts = ({ arms, policy, adapters }: Props) => {
  const color = useModelColors(arms.arms.map(({ id }) => id));
  const shares = useMemo(() => sinceFirstShare(arms.shares), [arms.shares]);
  // A share holds for its whole step, so the last one is drawn to the end.
  const at = useMemo(() => [...shares.map((step) => seconds(step.at)), seconds(arms.to)], [shares, arms.to]);
  const models = arms.arms
    .filter(({ requests }) => requests > 0)
    .map(({ id }) => id)
    .sort();
  const regret = regretBySteps({ arms: arms.arms, shares }, adapters, policy);
  const dots = arms.arms.flatMap((arm) =>
    arm.mean_cost_usd === null
      ? []
      : [
          {
            id: arm.id,
            x: arm.mean_cost_usd,
            y: arm.q_hat ?? arm.mean_feedback ?? arm.prior,
            weight: arm.share,
            color: color(arm.id),
            frontier: arm.frontier,
          },
        ],
  );
  return (
    <div className="grid-2">
      <Card title="Share of traffic" note="by model, over the span">
        {models.length === 0 ? (
          <Empty title="No request went by this policy in the span" />
        ) : (
          <LineChart
            label="Share of traffic by model"
            at={at}
            stacked
            max={1}
            height={252}
            format={(value) => percent(value, 0)}
            lines={models.map((id) => ({
              label: id,
              color: color(id),
              values: toEnd(
                shares.map(({ requests, by_model }) =>
                  requests > 0 ? (by_model[id] ?? 0) / requests : null,
                ),
              ),
            }))}
          />
        )}
      </Card>
      <Card title="Quality against cost" note="what is believed of each model, and what its answers cost">
        {dots.length === 0 ? (
          <Empty title="No answer in the span to take costs from" />
        ) : (
          <Scatter dots={dots} formatX={usd} xLabel="mean cost of an answer" yLabel="quality" />
        )}
      </Card>
      <Card
        title="Belief by model"
        note="dot: learnt mean quality; bar: 95 % of the belief; ring: as registered"
      >
        {arms.arms.length === 0 ? (
          <Empty title="This policy has no model to choose from" />
        ) : (
          <Intervals
            label="Learnt quality by model"
            range={[0, 1]}
            format={(value) => value.toFixed(2)}
            rows={arms.arms.map((arm) => ({
              label: arm.id,
              value: arm.q_hat,
              low: arm.q_hat === null || arm.uncertainty === null ? null : arm.q_hat - 1.96 * arm.uncertainty,
              high:
                arm.q_hat === null || arm.uncertainty === null ? null : arm.q_hat + 1.96 * arm.uncertainty,
              color: color(arm.id),
              mark: arm.prior,
            }))}
          />
        )}
      </Card>
      <Card title="Regret" note="utility a request that another model would have added, on average">
        {regret === null ? (
          <Empty title="Not known here">
            {adapters.some((adapter) => trueQuality(adapter) !== null)
              ? 'Only simulated models say how good they really are, and others answered too.'
              : 'Only simulated models say how good they really are. In production, compare policies below.'}
          </Empty>
        ) : (
          <LineChart
            label="Mean regret a request"
            at={at}
            height={arms.arms.length * 30}
            format={quality}
            lines={[{ label: 'Regret a request', values: toEnd(regret), color: 'var(--c4)', fill: true }]}
          />
        )}
      </Card>
    </div>
  );
};
