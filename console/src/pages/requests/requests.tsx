/** Every answered request, newest first; what is looked for stands in the address. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useApi } from '../../app/session.tsx';
import { type Filters, listingQuery, nextCursor } from '../../lib/filters.ts';
import { clock, count } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { PageHead } from '../../ui/card.tsx';
import { Empty, Loaded } from '../../ui/state.tsx';
import { RequestFilters } from './request-filters.tsx';
import { RequestTable } from './request-table.tsx';

const PAGE = 200;

const useRequests = (filters: Filters) => {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: ['observations', filters],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) => {
      const cursor = pageParam === null ? {} : { cursor: pageParam };
      const query = { limit: PAGE, ...listingQuery(filters), ...cursor };
      const { data, response } = await api.GET('/admin/observations', { params: { query }, signal });
      return { rows: data ?? [], next: nextCursor(response.headers.get('link')) };
    },
    getNextPageParam: ({ next }) => next,
  });
};

export const Requests = () => {
  const filters = useSearch({ from: '/requests' });
  const query = useRequests(filters);
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  const more = (): void => {
    // What failed is tried again when somebody says so, not as often as the table is drawn.
    if (query.hasNextPage && !query.isFetching && !query.isError) void query.fetchNextPage();
  };
  return (
    <>
      <PageHead
        title="Requests"
        actions={
          <>
            <span className="muted small" role="status">
              {query.data !== undefined &&
                `${count(rows.length)}${query.hasNextPage ? '+' : ''} shown, as of ${clock(query.dataUpdatedAt, Date.now())}`}
            </span>
            <Button busy={query.isRefetching} onClick={() => void query.refetch()}>
              Refresh
            </Button>
          </>
        }
      >
        One row an answer. Prompts are shown as they were written down: personal data is masked.
      </PageHead>
      <section className="card vtable" aria-label="Requests">
        <RequestFilters filters={filters} />
        <Loaded query={query} what="Reading requests">
          {() =>
            rows.length === 0 && !query.hasNextPage ? (
              <Empty title="No request matches">
                {Object.keys(filters).length > 0
                  ? 'Take a filter away, or look at a longer time.'
                  : 'Nothing was asked yet. Try the playground.'}
              </Empty>
            ) : (
              <RequestTable rows={rows} more={more} loadingMore={query.isFetchingNextPage} />
            )
          }
        </Loaded>
      </section>
    </>
  );
};
