import { useMemo, useState } from 'react';
import type { AuditEntry } from '../../api/shapes.ts';
import { clock, words } from '../../lib/format.ts';
import { Outcome } from '../../ui/badge.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Table } from '../../ui/table.tsx';

/** What the path names, or else what the body does: `{id: 'sim-new', …}`. In brackets is what was not written down. */
const NAMING = ['id', 'tenant_id', 'name'];

const targetOf = (entry: AuditEntry | undefined): string => {
  const change = Object.entries(entry?.change ?? {}).filter(
    ([name, value]) => NAMING.includes(name) && typeof value === 'string' && !value.startsWith('['),
  );
  return Object.entries(entry?.target ?? Object.fromEntries(change))
    .map(([name, value]) => `${words(name)} ${value}`)
    .join(', ');
};

export const EntryTable = ({ rows }: { readonly rows: readonly AuditEntry[] }) => {
  const now = Date.now();
  const [shown, setShown] = useState<AuditEntry | null>(null);
  // How a change ended names the entry that says what it was about.
  const byId = useMemo(() => new Map(rows.map((entry) => [entry.id, entry])), [rows]);
  return (
    <>
      <Table
        label="Entries"
        columns={['When', 'Action', 'Of what', 'By', 'Outcome', 'Chain', { right: 'No.' }]}
      >
        {rows.map((entry) => (
          <tr key={`${entry.chain} ${entry.seq}`}>
            <td className="num muted">{clock(entry.at, now)}</td>
            <th scope="row">
              <button
                type="button"
                className="link-button"
                aria-label={`${entry.action}, entry ${entry.seq} of ${entry.chain}`}
                onClick={() => setShown(entry)}
              >
                {entry.action}
              </button>
              {entry.count !== undefined && entry.count > 1 && (
                <span className="muted num"> × {entry.count}</span>
              )}
            </th>
            <td>
              {targetOf(entry) || targetOf(byId.get(entry.begun_by ?? '')) || (
                <span className="muted">–</span>
              )}
            </td>
            <td className="small">
              {entry.actor === undefined ? (
                <span className="muted">{entry.kind === 'system' ? 'the system' : 'unknown'}</span>
              ) : (
                <span title={entry.actor.roles.join(', ')} className="mono">
                  {entry.actor.key_id}
                </span>
              )}
            </td>
            <td>
              <Outcome value={entry.outcome} />
            </td>
            <td className="small">{entry.chain}</td>
            <td className="num right">{entry.seq}</td>
          </tr>
        ))}
      </Table>
      <Dialog
        open={shown !== null}
        onClose={() => setShown(null)}
        wide
        title={shown?.action ?? ''}
        note="The entry as it is signed; secrets were never in it."
      >
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
        <pre className="prompt" tabIndex={0}>
          {JSON.stringify(shown, null, 2)}
        </pre>
      </Dialog>
    </>
  );
};
