import { Link } from '@tanstack/react-router';
import type { Arms, Policy } from '../../api/shapes.ts';
import { count, ms, percent, quality, usd } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { BarCell } from '../../ui/meter.tsx';
import { Table } from '../../ui/table.tsx';

interface Props {
  readonly arms: Arms;
  readonly policy: Policy;
}

const RIGHT = ['Learnt from', 'Mean feedback', 'Mean cost', 'Mean latency', 'Errors'];

export const ArmTable = ({ arms, policy }: Props) => (
  <Card
    title="Models of this policy"
    note={`${policy.strategy}, version ${policy.version}, learnt state ${arms.state_version}${arms.truncated ? '; the newest 5,000 answers' : ''}`}
    flush
  >
    <Table
      label="Models of this policy"
      columns={['Model', 'Share', 'Learnt quality', ...RIGHT.map((right) => ({ right }))]}
    >
      {arms.arms.map((arm) => (
        <tr key={arm.id}>
          <th scope="row">
            <span className="row row-whole">
              {arm.registered ? (
                <Link to="/models/$id" params={{ id: arm.id }}>
                  {arm.id}
                </Link>
              ) : (
                arm.id
              )}
              {arm.frontier && <Badge tone="good">frontier</Badge>}
              {!arm.registered && <Badge>removed</Badge>}
              {arm.registered && !arm.enabled && <Badge>disabled</Badge>}
            </span>
          </th>
          <td>
            <BarCell value={arm.share} max={1} text={percent(arm.share)} />
          </td>
          <td>
            <BarCell
              value={arm.q_hat}
              max={1}
              color="var(--c3)"
              text={
                arm.q_hat === null
                  ? 'nothing yet'
                  : `${arm.q_hat.toFixed(3)} ± ${(arm.uncertainty ?? 0).toFixed(3)}`
              }
            />
          </td>
          <td className="num right">{count(arm.pulls)}</td>
          <td className="num right">{quality(arm.mean_feedback)}</td>
          <td className="num right">{usd(arm.mean_cost_usd)}</td>
          <td className="num right">{ms(arm.mean_latency_ms)}</td>
          <td className="num right">{count(arm.errors)}</td>
        </tr>
      ))}
    </Table>
  </Card>
);
