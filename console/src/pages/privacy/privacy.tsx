/** What personal data was found, by type and by what became of it; never the data itself. */
import { Link } from '@tanstack/react-router';
import { usePolicies } from '../../api/queries.ts';
import { useSeries } from '../../api/use-live.ts';
import { LineChart } from '../../charts/line-chart.tsx';
import { colorsOf } from '../../charts/palette.ts';
import { count } from '../../lib/format.ts';
import { byName, coarser, seconds, sinceFirst } from '../../lib/series.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { Card, PageHead } from '../../ui/card.tsx';
import { Empty, Loaded } from '../../ui/state.tsx';
import { Table } from '../../ui/table.tsx';
import { DetectorCard } from './detector-card.tsx';
import { PreviewCard } from './preview-card.tsx';

/** Ten-second steps, a minute at a time once there are enough. */
const BIN = 6;

export const Privacy = () => {
  const series = useSeries();
  return (
    <>
      <PageHead title="Privacy">
        What was found in prompts and what became of it. Counts alone: what was found is shown nowhere.
      </PageHead>
      <Loaded query={series} what="Reading the last hour">
        {({ points, step_s }) => {
          const young = sinceFirst(points);
          const bin = step_s >= 60 || young.length <= 10 * BIN ? 1 : BIN;
          // Bins are whole, so that the newest does not look like a fall.
          const whole = young.slice(young.length % bin);
          const bins = coarser(whole, bin);
          const note = `in ${step_s * bin} s`;
          const at = bins.map((point) => seconds(point.at));
          return (
            <div className="grid-2">
              <NamedChart
                title="Findings by type"
                note={`${note}, last hour`}
                at={at}
                values={byName(bins, (point) => point.pii_findings)}
                empty="Nothing was found in the last hour"
              />
              <NamedChart
                title="Requests by mode"
                note={`${note}, by what their policy does about findings`}
                at={at}
                values={byName(bins, (point) => point.pii_modes)}
                empty="No request in the last hour"
              />
            </div>
          );
        }}
      </Loaded>
      <PreviewCard />
      <div className="grid-2">
        <PolicyModes />
        <DetectorCard />
      </div>
    </>
  );
};

interface NamedProps {
  readonly title: string;
  readonly note: string;
  readonly at: readonly number[];
  readonly values: ReadonlyMap<string, number[]>;
  readonly empty: string;
}

const NamedChart = ({ title, note, at, values, empty }: NamedProps) => {
  const colors = colorsOf([...values.keys()]);
  return (
    <Card title={title} note={note}>
      {values.size === 0 ? (
        <Empty title={empty} />
      ) : (
        <LineChart
          label={title}
          at={at}
          stacked
          format={count}
          lines={[...values].map(([label, list]) => ({
            label: label.replaceAll('_', ' ').toLowerCase(),
            values: list,
            color: colors.get(label) ?? 'var(--c8)',
          }))}
        />
      )}
    </Card>
  );
};

const MODES: Readonly<Record<string, readonly [Tone, string]>> = {
  off: ['warn', 'not looked for in what providers see'],
  observe: ['info', 'counted; providers see it'],
  pseudonymise: ['good', 'providers see stand-ins, answers are put right'],
  redact: ['good', 'providers see masks'],
  block: ['good', 'such requests are refused'],
};

const PolicyModes = () => {
  const policies = usePolicies();
  return (
    <Card
      title="What each policy does"
      note="What is written down is masked in any case, except with off."
      flush
    >
      <Loaded query={policies} what="Reading policies">
        {(rows) => (
          <Table label="Modes of the policies" columns={['Policy', 'Mode', 'Meaning']}>
            {rows.map(({ id, pii_mode }) => {
              const [tone, meaning] = MODES[pii_mode] ?? ['plain', ''];
              return (
                <tr key={id}>
                  <th scope="row">
                    <Link to="/routing" search={{ policy: id }}>
                      {id}
                    </Link>
                  </th>
                  <td>
                    <Badge tone={tone}>{pii_mode}</Badge>
                  </td>
                  <td className="muted">{meaning}</td>
                </tr>
              );
            })}
          </Table>
        )}
      </Loaded>
    </Card>
  );
};
