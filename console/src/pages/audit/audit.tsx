/** The signed chain of what was changed and refused, and whether it still holds. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useApi } from '../../app/session.tsx';
import { nextCursor } from '../../lib/filters.ts';
import { Button } from '../../ui/button.tsx';
import { Card, PageHead } from '../../ui/card.tsx';
import { SelectField } from '../../ui/field.tsx';
import { Empty, Loaded } from '../../ui/state.tsx';
import { EntryTable } from './entry-table.tsx';
import { VerifyCard } from './verify-card.tsx';

const KINDS = [
  ['', 'All'],
  ['change', 'Changes'],
  ['denied', 'Refusals'],
  ['system', 'The system’s own'],
] as const;
type Kind = 'change' | 'denied' | 'system';

const useEntries = (kind: Kind | undefined) => {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: ['audit', kind],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) => {
      const query = {
        limit: 100,
        ...(kind === undefined ? {} : { kind }),
        ...(pageParam === null ? {} : { cursor: pageParam }),
      };
      const { data, response } = await api.GET('/admin/audit', { params: { query }, signal });
      return { rows: data ?? [], next: nextCursor(response.headers.get('link')) };
    },
    getNextPageParam: ({ next }) => next,
  });
};

export const Audit = () => {
  const { chain } = useSearch({ from: '/audit' });
  const navigate = useNavigate();
  const kind = KINDS.map(([value]) => value).find((value): value is Kind => value !== '' && value === chain);
  const query = useEntries(kind);
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <>
      <PageHead title="Audit">
        Each entry is signed over the one before it, so nothing can be changed, moved or taken out unseen.
      </PageHead>
      <VerifyCard />
      <Card
        title="Entries"
        note="newest first; a change has one entry when it begins and one when it ended"
        actions={
          <>
            <SelectField
              label="Show"
              quiet
              value={kind ?? ''}
              options={KINDS}
              onChange={(event) =>
                void navigate({
                  to: '/audit',
                  search: event.target.value === '' ? {} : { chain: event.target.value },
                  replace: true,
                })
              }
            />
            <Button busy={query.isRefetching} onClick={() => void query.refetch()}>
              Refresh
            </Button>
          </>
        }
        flush
      >
        <Loaded query={query} what="Reading the chain">
          {() => (rows.length === 0 ? <Empty title="No such entry" /> : <EntryTable rows={rows} />)}
        </Loaded>
        {query.hasNextPage && (
          <div className="state">
            <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              Older entries
            </Button>
          </div>
        )}
      </Card>
    </>
  );
};
