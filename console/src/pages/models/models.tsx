/** The models that may answer: how they are, what they cost, how fast they are. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useAdapters } from '../../api/queries.ts';
import type { Adapter } from '../../api/shapes.ts';
import { useSeries } from '../../api/use-live.ts';
import { useMay } from '../../app/session.tsx';
import { count, ms, percent, usd } from '../../lib/format.ts';
import { sum } from '../../lib/series.ts';
import { Badge, Outcome } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card, PageHead } from '../../ui/card.tsx';
import { BarCell } from '../../ui/meter.tsx';
import { Empty, Loaded } from '../../ui/state.tsx';
import { Table } from '../../ui/table.tsx';
import { AllCurves } from './all-curves.tsx';
import { ModelDialog } from './model-dialog.tsx';

export const Models = () => {
  const adapters = useAdapters();
  const mayWrite = useMay('adapters:write');
  const [registering, setRegistering] = useState(false);
  return (
    <>
      <PageHead
        title="Models"
        actions={
          mayWrite && (
            <Button kind="primary" icon="plus" onClick={() => setRegistering(true)}>
              Register a model
            </Button>
          )
        }
      >
        A model whose breaker is open is not asked; it comes back by itself once a trial succeeds.
      </PageHead>
      <Card
        title="Registered models"
        note="Error rate and latency are of its newest calls, failed tries included."
        flush
      >
        <Loaded query={adapters} what="Reading models">
          {(rows) =>
            rows.length === 0 ? (
              <Empty title="No model registered">Register one, and requests have somewhere to go.</Empty>
            ) : (
              <ModelTable rows={rows} />
            )
          }
        </Loaded>
      </Card>
      <AllCurves />
      {registering && <ModelDialog onClose={() => setRegistering(false)} />}
    </>
  );
};

const ModelTable = ({ rows }: { readonly rows: readonly Adapter[] }) => {
  const series = useSeries().data;
  const traffic = (id: string): number | null =>
    series === undefined ? null : sum(series.by_model[id] ?? [], (point) => point.requests);
  const most = Math.max(1, ...rows.map(({ id }) => traffic(id) ?? 0));
  return (
    <Table
      label="Registered models"
      columns={[
        'Model',
        'Provider',
        'Health',
        'Breaker',
        'Requests, 1 h',
        { right: 'Error rate' },
        { right: 'Latency' },
        { right: 'In, $/M' },
        { right: 'Out, $/M' },
      ]}
    >
      {rows.map((row) => (
        <tr key={row.id}>
          <th scope="row">
            <Link to="/models/$id" params={{ id: row.id }}>
              {row.id}
            </Link>
          </th>
          <td>{row.provider}</td>
          <td>{row.enabled ? <Outcome value={row.health.state} /> : <Badge>disabled</Badge>}</td>
          <td>
            <Outcome value={row.health.breaker} />
          </td>
          <td>
            <BarCell value={traffic(row.id)} max={most} text={count(traffic(row.id))} />
          </td>
          <td className="num right">{percent(row.health.error_rate)}</td>
          <td className="num right">{ms(row.health.latency_ms_ewma ?? row.latency_ms)}</td>
          <td className="num right">{usd(row.price.input_per_mtok)}</td>
          <td className="num right">{usd(row.price.output_per_mtok)}</td>
        </tr>
      ))}
    </Table>
  );
};
