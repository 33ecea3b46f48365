/** Who uses the router: a tenant is there as soon as a key, a limit or a policy names it. */
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { body } from '../../api/client.ts';
import { useTenants } from '../../api/queries.ts';
import { useApi, useMay } from '../../app/session.tsx';
import { count, usd } from '../../lib/format.ts';
import { totalsBy } from '../../lib/usage.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card, PageHead } from '../../ui/card.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { Empty, Loaded } from '../../ui/state.tsx';
import { Table } from '../../ui/table.tsx';

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

export const Tenants = () => {
  const tenants = useTenants();
  const api = useApi();
  const mayWrite = useMay('keys:write');
  const [adding, setAdding] = useState(false);
  const usage = useQuery({
    queryKey: ['usage'],
    queryFn: ({ signal }) => body(api.GET('/admin/usage', { signal })),
    refetchInterval: 30_000,
  });
  const week = useMemo(() => {
    const totals = usage.data && totalsBy(usage.data, ({ tenant_id }) => tenant_id);
    // Not known is not nothing.
    return (id: string) => totals && (totals.get(id) ?? { requests: 0, costUsd: 0 });
  }, [usage.data]);
  return (
    <>
      <PageHead
        title="Tenants"
        actions={
          mayWrite && (
            <Button kind="primary" icon="plus" onClick={() => setAdding(true)}>
              Add a tenant
            </Button>
          )
        }
      >
        Each has its keys, its limits and the policy that routes its requests.
      </PageHead>
      <Card title="All tenants" note="traffic and spend of the last seven days" flush>
        <Loaded query={tenants} what="Reading tenants">
          {(rows) =>
            rows.length === 0 ? (
              <Empty title="No tenant yet">One is there as soon as it has a key or a limit.</Empty>
            ) : (
              <Table
                label="All tenants"
                columns={[
                  'Tenant',
                  'Tier',
                  'Policy',
                  { right: 'Keys' },
                  { right: 'Requests, 7 d' },
                  { right: 'Spend, 7 d' },
                ]}
              >
                {rows.map((row) => (
                  <tr key={row.tenant_id}>
                    <th scope="row">
                      <Link to="/tenants/$id" params={{ id: row.tenant_id }}>
                        {row.tenant_id}
                      </Link>
                    </th>
                    <td>
                      {row.tier === null ? (
                        <span className="muted">no limits</span>
                      ) : (
                        <Badge>{row.tier}</Badge>
                      )}
                    </td>
                    <td>{row.policy}</td>
                    <td className="num right">{count(row.keys)}</td>
                    <td className="num right">{count(week(row.tenant_id)?.requests)}</td>
                    <td className="num right">{usd(week(row.tenant_id)?.costUsd)}</td>
                  </tr>
                ))}
              </Table>
            )
          }
        </Loaded>
      </Card>
      <AddTenant open={adding} onClose={() => setAdding(false)} />
    </>
  );
};

const AddTenant = ({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) => {
  const navigate = useNavigate();
  const [id, setId] = useState('');
  const good = ID.test(id);
  return (
    <Dialog
      open={open}
      form
      onClose={onClose}
      title="Add a tenant"
      note="Give it a name; on its page it gets keys and limits, and with the first of them it exists."
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (good) void navigate({ to: '/tenants/$id', params: { id } });
        }}
      >
        <TextField
          label="Tenant’s id"
          value={id}
          autoComplete="off"
          onChange={(event) => setId(event.target.value)}
          error={id === '' || good ? undefined : 'Letters, digits, dots, dashes and underscores; at most 128'}
        />
        <div className="dialog-foot">
          <Button type="submit" kind="primary" disabled={!good}>
            Go on
          </Button>
        </div>
      </form>
    </Dialog>
  );
};
