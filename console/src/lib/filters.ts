/** The filters of the requests' table as they stand in the address bar: only known names, only known values. */
export const OUTCOMES = ['success', 'upstream_error', 'timeout', 'aborted', 'cut'] as const;
export type OutcomeName = (typeof OUTCOMES)[number];

export interface Filters {
  readonly tenant?: string;
  readonly model?: string;
  readonly outcome?: OutcomeName;
  readonly since?: string;
  readonly until?: string;
}

const MAX = 128;

const name = (value: unknown): string | undefined => {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text.trim() !== '' && text.length <= MAX ? text.trim() : undefined;
};

const time = (value: unknown): string | undefined =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? new Date(value).toISOString() : undefined;

export const readFilters = (search: Readonly<Record<string, unknown>>): Filters => {
  const outcome = OUTCOMES.find((known) => known === search.outcome);
  const read = {
    tenant: name(search.tenant),
    model: name(search.model),
    outcome,
    since: time(search.since),
    until: time(search.until),
  };
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined)) as Filters;
};

/** As the router's listing calls them. */
export const listingQuery = (filters: Filters) => ({
  ...(filters.tenant === undefined ? {} : { tenant_id: filters.tenant }),
  ...(filters.model === undefined ? {} : { model: filters.model }),
  ...(filters.outcome === undefined ? {} : { outcome: filters.outcome }),
  ...(filters.since === undefined ? {} : { since: filters.since }),
  ...(filters.until === undefined ? {} : { until: filters.until }),
});

/** `Link: </admin/…?cursor=…>; rel="next"`. */
export const nextCursor = (link: string | null): string | null => {
  const next = link
    ?.split(/,\s*(?=<)/)
    .map((part) => /^<([^>]*)>;\s*rel="?next"?/.exec(part)?.[1])
    .find((target) => target !== undefined);
  return next === undefined ? null : new URL(next, 'http://router.invalid').searchParams.get('cursor');
};

/** `datetime-local` speaks local time without a zone. */
export const toLocalInput = (iso: string | undefined): string => {
  if (iso === undefined) return '';
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};
