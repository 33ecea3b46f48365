import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { body } from '../../api/client.ts';
import { useApi } from '../../app/session.tsx';
import { DayBars } from '../../charts/day-bars.tsx';
import { count, usd } from '../../lib/format.ts';
import { daysBetween, spendByDay, totalsBy, usageCsv } from '../../lib/usage.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { SelectField } from '../../ui/field.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { Empty, Loaded } from '../../ui/state.tsx';
import { Table } from '../../ui/table.tsx';

const DAY = 86_400_000;
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

export const SpendCard = ({ tenant }: { readonly tenant: string }) => {
  const api = useApi();
  const [span, setSpan] = useState('7');
  const to = dayOf(Date.now());
  const from = dayOf(Date.now() - (Number(span) - 1) * DAY);
  const usage = useQuery({
    queryKey: ['usage', tenant, from, to],
    queryFn: ({ signal }) =>
      body(api.GET('/admin/usage', { params: { query: { tenant_id: tenant, from, to } }, signal })),
    refetchInterval: 15_000,
  });
  const rows = usage.data ?? [];
  return (
    <Card
      title="Spend"
      note="dollars a day, by model"
      actions={
        <>
          <SelectField
            label="Span"
            quiet
            value={span}
            options={[
              ['7', 'Last 7 days'],
              ['30', 'Last 30 days'],
              ['90', 'Last 90 days'],
            ]}
            onChange={(event) => setSpan(event.target.value)}
          />
          <Button
            small
            icon="download"
            disabled={rows.length === 0}
            onClick={() => saveFile(`usage-${tenant}-${from}-${to}.csv`, 'text/csv', usageCsv(rows))}
          >
            CSV
          </Button>
        </>
      }
    >
      <div className="stack">
        <Loaded query={usage} what="Reading usage">
          {(data) =>
            data.length === 0 ? (
              <Empty title="Nothing spent in this span" />
            ) : (
              <>
                <DayBars
                  bars={spendByDay(data, daysBetween(from, to))}
                  format={usd}
                  label="Spend a day by model"
                />
                <ModelTotals rows={data} />
              </>
            )
          }
        </Loaded>
      </div>
    </Card>
  );
};

const ModelTotals = ({ rows }: { readonly rows: Parameters<typeof totalsBy>[0] }) => (
  <Table
    label="Spend by model"
    columns={['Model', { right: 'Spend' }, { right: 'Requests' }, { right: 'Failed' }, { right: 'Tokens' }]}
  >
    {[...totalsBy(rows, ({ model }) => model)]
      .sort(([, one], [, other]) => other.costUsd - one.costUsd)
      .map(([model, total]) => (
        <tr key={model}>
          <th scope="row">{model}</th>
          <td className="num right">{usd(total.costUsd)}</td>
          <td className="num right">{count(total.requests)}</td>
          <td className="num right">{count(total.failed)}</td>
          <td className="num right">{count(total.tokens)}</td>
        </tr>
      ))}
  </Table>
);
