/** A decision as bars: what each model was expected to give and to cost, and why one is out. */
import { ms, percent, quality, reasonName, usd } from '../lib/format.ts';
import { Badge } from './badge.tsx';
import { BarCell } from './meter.tsx';
import { Table } from './table.tsx';

export interface Row {
  readonly id: string;
  readonly eligible: boolean;
  readonly reason?: string;
  readonly quality: number | null;
  readonly uncertainty: number | null;
  readonly cost_usd: number | null;
  readonly latency_ms: number | null;
  readonly score: number | null;
  readonly propensity: number;
}

interface Props {
  readonly candidates: readonly Row[];
  /** The model that was, or would be, called. */
  readonly chosen?: string | undefined;
}

const most = (rows: readonly Row[], pick: (row: Row) => number | null): number =>
  Math.max(0, ...rows.map((row) => pick(row) ?? 0));

export const CandidateTable = ({ candidates, chosen }: Props) => {
  const cost = most(candidates, (row) => row.cost_usd);
  const latency = most(candidates, (row) => row.latency_ms);
  const scores = candidates.flatMap(({ score, eligible }) => (eligible && score !== null ? [score] : []));
  const [low, high] = [Math.min(0, ...scores), Math.max(...scores, 0)];
  return (
    <Table label="Candidates" columns={['Model', 'Quality', 'Cost', 'Latency', 'Score', 'Propensity']}>
      {candidates.map((row) => (
        <tr key={row.id}>
          <th scope="row">
            <span className={row.eligible ? 'row row-whole' : 'row'}>
              {row.id}
              {row.id === chosen && <Badge tone="good">chosen</Badge>}
              {!row.eligible && <Badge tone="warn">out: {reasonName(row.reason ?? 'not eligible')}</Badge>}
            </span>
          </th>
          <td>
            <BarCell
              value={row.quality}
              max={1}
              text={
                row.uncertainty === null || row.quality === null
                  ? quality(row.quality)
                  : `${row.quality.toFixed(2)} ± ${row.uncertainty.toFixed(2)}`
              }
              color="var(--c3)"
            />
          </td>
          <td>
            <BarCell value={row.cost_usd} max={cost} text={usd(row.cost_usd)} color="var(--c2)" />
          </td>
          <td>
            <BarCell value={row.latency_ms} max={latency} text={ms(row.latency_ms)} color="var(--c5)" />
          </td>
          <td>
            {row.eligible ? (
              <BarCell
                value={row.score === null ? null : row.score - low}
                max={high - low}
                text={quality(row.score)}
              />
            ) : (
              <span className="muted">–</span>
            )}
          </td>
          <td>
            {row.eligible ? (
              <BarCell value={row.propensity} max={1} text={percent(row.propensity)} color="var(--c7)" />
            ) : (
              <span className="muted">–</span>
            )}
          </td>
        </tr>
      ))}
    </Table>
  );
};
