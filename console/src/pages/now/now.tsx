/** What the router does at this moment, and in the hour before it. */
import { useLive, useSeries } from '../../api/use-live.ts';
import { Badge } from '../../ui/badge.tsx';
import { PageHead } from '../../ui/card.tsx';
import { Empty, Loaded } from '../../ui/state.tsx';
import { NowCharts } from './now-charts.tsx';
import { NowTiles } from './now-tiles.tsx';

const LIVE = {
  live: ['good', 'Live'],
  connecting: ['info', 'Connecting'],
  lost: ['bad', 'Connection lost, trying again'],
} as const;

export const Now = () => {
  const { state, recent, stepS } = useLive();
  const series = useSeries();
  const [tone, label] = LIVE[state];
  return (
    <>
      <PageHead
        title="Now"
        actions={
          <span role="status">
            <Badge tone={tone}>{label}</Badge>
          </span>
        }
      >
        Every answering route of the stage, all tenants together. Charts show the last hour; drag across one
        to look closer.
      </PageHead>
      <Loaded query={series} what="Reading the last hour">
        {(data) => (
          <>
            <NowTiles recent={recent} stepS={stepS} hour={data.points} hourStepS={data.step_s} />
            {data.points.every(({ requests }) => requests === 0) ? (
              <section className="card">
                <Empty title="No request in the last hour">
                  Ask something in the playground, or send a request to /v1/ask; it shows here within seconds.
                </Empty>
              </section>
            ) : (
              <NowCharts series={data} />
            )}
          </>
        )}
      </Loaded>
    </>
  );
};
