import { type UseQueryResult, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schemas } from '../../api/client.ts';
import type { Key } from '../../api/shapes.ts';
import { useMay, useSession } from '../../app/session.tsx';
import { ago, clock } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Empty, Loaded } from '../../ui/state.tsx';
import { Table } from '../../ui/table.tsx';
import { useToast } from '../../ui/toasts.tsx';
import { NewKeyDialog } from './new-key-dialog.tsx';

interface Props {
  readonly tenant: string;
  readonly query: UseQueryResult<Schemas['Tenant'] | null>;
}

export const KeysCard = ({ tenant, query }: Props) => {
  const mayWrite = useMay('keys:write');
  const [making, setMaking] = useState(false);
  return (
    <Card
      title="Keys"
      note="A key is shown once, when it is made."
      actions={
        mayWrite && (
          <Button small icon="plus" onClick={() => setMaking(true)}>
            Make a key
          </Button>
        )
      }
      flush
    >
      <Loaded query={query} what="Reading keys">
        {(tenantData) => {
          const keys = tenantData?.keys ?? [];
          return keys.length === 0 ? (
            <Empty title="No key">Without one nobody can ask for this tenant.</Empty>
          ) : (
            <KeyTable keys={keys} mayWrite={mayWrite} />
          );
        }}
      </Loaded>
      {making && <NewKeyDialog tenant={tenant} onClose={() => setMaking(false)} />}
    </Card>
  );
};

const KeyTable = ({ keys, mayWrite }: { readonly keys: readonly Key[]; readonly mayWrite: boolean }) => {
  const { api, me } = useSession();
  const queries = useQueryClient();
  const toast = useToast();
  const now = Date.now();
  const revoke = async (id: string): Promise<void> => {
    await api.DELETE('/admin/keys/{id}', { params: { path: { id } } });
    await queries.invalidateQueries();
    toast('Key revoked', 'It is refused everywhere within 30 s.');
  };
  return (
    <Table
      label="Keys"
      columns={[
        'Name',
        'Id',
        'Roles',
        'Made',
        'Last used',
        'Expires',
        mayWrite ? { unseen: 'Change' } : null,
      ]}
    >
      {keys.map((key) => (
        <tr key={key.id}>
          <th scope="row">
            {key.name ?? <span className="muted">unnamed</span>}{' '}
            {key.id === me.key_id && <Badge tone="info">this session</Badge>}
          </th>
          <td className="mono small">{key.id}</td>
          <td>{key.roles.join(', ')}</td>
          <td className="num">{clock(key.created_at, now)}</td>
          <td className="num">{ago(key.last_used_at, now)}</td>
          <td className="num">
            {key.expires_at === undefined ? (
              <span className="muted">never</span>
            ) : new Date(key.expires_at).getTime() < now ? (
              <Badge tone="bad">expired</Badge>
            ) : (
              clock(key.expires_at, now)
            )}
          </td>
          {mayWrite && (
            <td className="right">
              <Confirm
                small
                label="Revoke"
                description={`Revoke ${key.name ?? key.id}`}
                title={`Revoke ${key.name ?? key.id}?`}
                consequence={
                  key.id === me.key_id
                    ? 'This is the key that you signed in with: you will be signed out, and cannot come back with it. It cannot be undone.'
                    : 'Whoever uses this key is refused everywhere within 30 seconds. It cannot be undone: they need another key.'
                }
                act={() => revoke(key.id)}
              />
            </td>
          )}
        </tr>
      ))}
    </Table>
  );
};
