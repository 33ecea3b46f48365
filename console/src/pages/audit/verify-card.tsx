import { useQuery } from '@tanstack/react-query';
import { body } from '../../api/client.ts';
import type { BrokenLink } from '../../api/shapes.ts';
import { useApi } from '../../app/session.tsx';
import { clock, count } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Loaded } from '../../ui/state.tsx';

const FAULTS: Readonly<Record<BrokenLink['fault'], string>> = {
  missing: 'an entry is missing',
  edited: 'an entry was changed',
  misplaced: 'an entry stands where another belongs',
  head_missing: 'the chain’s head is missing',
  head_edited: 'the chain’s head was changed',
  beyond_head: 'there are entries beyond the head',
  put_in: 'the chain was put in: no entry says that it began',
  chain_missing: 'a whole chain is missing',
  rolled_back: 'the chain was put back to an earlier state',
  key_missing: 'the key that signed it cannot be had',
  empty: 'the chain is empty',
};

export const VerifyCard = () => {
  const api = useApi();
  const query = useQuery({
    queryKey: ['audit-verify'],
    queryFn: ({ signal }) => body(api.GET('/admin/audit/verify', { signal })),
    // Every entry is read for it: once, and when somebody asks.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  return (
    <Card
      title="Verification"
      {...(query.data === undefined ? {} : { note: `as of ${clock(query.dataUpdatedAt, Date.now())}` })}
      actions={
        <Button busy={query.isFetching} onClick={() => void query.refetch()}>
          Verify again
        </Button>
      }
    >
      <Loaded query={query} what="Reading and checking every entry">
        {(result) => (
          <div className="stack" role="status">
            <div className="row">
              {result.ok ? <Badge tone="good">intact</Badge> : <Badge tone="bad">broken</Badge>}
              <span>
                {count(result.entries)} entries in {count(result.chains)} chains{' '}
                {result.ok ? 'follow one another, each with its signature.' : 'were read.'}
              </span>
              {!result.complete && <Badge tone="warn">time was over before all were read</Badge>}
            </div>
            {result.first_broken !== undefined && (
              <Broken link={result.first_broken} more={result.broken.length - 1} />
            )}
          </div>
        )}
      </Loaded>
    </Card>
  );
};

const Broken = ({ link, more }: { readonly link: BrokenLink; readonly more: number }) => (
  <div className="notice notice-bad" role="alert">
    <div>
      <strong>First broken link:</strong> chain {link.chain}
      {link.seq > 0 && `, entry ${link.seq}`}: {FAULTS[link.fault]}.
      {link.id !== undefined && <div className="small mono">{link.id}</div>}
      {more > 0 && <div className="small">{count(more)} more after it.</div>}
    </div>
  </div>
);
