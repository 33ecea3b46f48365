/** Only the rows in sight are in the page; the next page is asked for before its end is reached. */
import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { Observation } from '../../api/shapes.ts';
import { clock, count, ms, quality, usd } from '../../lib/format.ts';
import { Outcome } from '../../ui/badge.tsx';
import { useStillWhilePressed } from '../../ui/use-still.ts';

const ROW = 36;
const COLUMNS = [
  'When',
  'Request',
  'Tenant',
  'Model',
  'Prompt',
  'Outcome',
  'Latency',
  'Cost',
  'Tokens',
  'Feedback',
];
const RIGHT = new Set(['Latency', 'Cost', 'Tokens', 'Feedback']);

interface Props {
  readonly rows: readonly Observation[];
  readonly more: () => void;
  readonly loadingMore: boolean;
}

export const RequestTable = ({ rows: newest, more, loadingMore }: Props) => {
  const rows = useStillWhilePressed(newest);
  const scroll = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW,
    overscan: 12,
    scrollMargin: ROW,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (last >= rows.length - 40) more();
  });
  const now = Date.now();
  return (
    <section
      className="vtable-scroll card-flush"
      ref={scroll}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
      tabIndex={0}
      aria-label="Requests, newest first"
    >
      {/* biome-ignore lint/a11y/useSemanticElements: rows that are placed freely cannot be a table's */}
      <div
        className="vtable-inner"
        role="table"
        aria-label="Requests"
        aria-rowcount={rows.length + 1}
        style={{ height: virtual.getTotalSize() + ROW }}
      >
        {/* biome-ignore lint/a11y/useSemanticElements: as above */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: a heading's row is read, not used */}
        <div className="vrow vrow-head" role="row" aria-rowindex={1}>
          {COLUMNS.map((name) => (
            // biome-ignore lint/a11y/useSemanticElements: as above
            // biome-ignore lint/a11y/useFocusableInteractive: as above
            <span key={name} role="columnheader" className={RIGHT.has(name) ? 'right' : undefined}>
              {name}
            </span>
          ))}
        </div>
        {items.map(({ index, start }) => {
          const row = rows[index];
          return row === undefined ? null : (
            <Row key={row.request_id} row={row} index={index} top={start} now={now} />
          );
        })}
      </div>
      {loadingMore && (
        <p className="visually-hidden" role="status">
          Reading more
        </p>
      )}
    </section>
  );
};

interface RowProps {
  readonly row: Observation;
  readonly index: number;
  readonly top: number;
  readonly now: number;
}

const Row = ({ row, index, top, now }: RowProps) => {
  const cells = [
    <span key="at" className="num muted">
      {clock(row.created_at, now)}
    </span>,
    <Link
      key="id"
      className="vrow-link"
      to="/requests/$id"
      params={{ id: row.request_id }}
      search={{ tenant: row.tenant_id }}
      title={row.request_id}
    >
      …{row.request_id.slice(-8)}
    </Link>,
    <span key="tenant" title={row.tenant_id}>
      {row.tenant_id}
    </span>,
    row.model,
    <span key="prompt" className="muted" title={row.prompt}>
      {row.prompt}
    </span>,
    <Outcome key="outcome" value={row.outcome} />,
    ms(row.latency_ms),
    usd(row.cost_usd),
    count(row.tokens_in + row.tokens_out),
    row.quality_score === null ? '–' : quality(row.quality_score),
  ];
  return (
    // biome-ignore lint/a11y/useSemanticElements: as above
    // biome-ignore lint/a11y/useFocusableInteractive: its link is what is used
    <div
      className="vrow vrow-body"
      role="row"
      aria-rowindex={index + 2}
      style={{ transform: `translateY(${top}px)`, top: 0 }}
    >
      {cells.map((cell, column) => {
        const name = COLUMNS[column] ?? '';
        return (
          // biome-ignore lint/a11y/useSemanticElements: as above
          <span key={name} role="cell" className={RIGHT.has(name) ? 'right num' : undefined}>
            {cell}
          </span>
        );
      })}
    </div>
  );
};
