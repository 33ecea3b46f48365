/** Listings: what a query asks for, and `Link: …; rel="next"` where there is more. */
import type * as z from 'zod';
import { type HttpResponse, json } from '../../shared/middleware/http-response.ts';
import { parseWith } from '../../shared/middleware/parse-body.ts';
import type { GatewayEvent } from '../../shared/middleware/scope.ts';
import { QUERIES } from './query-schema.ts';

type Listing = keyof typeof QUERIES;
export type QueryOf<Route extends Listing> = z.output<(typeof QUERIES)[Route]>;

export const queryOf = <Route extends Listing>(route: Route, event: GatewayEvent): QueryOf<Route> =>
  parseWith(QUERIES[route], event.queryStringParameters ?? {}, ['query']) as QueryOf<Route>;

/** A page, and the link to the next one: the same query with another cursor. */
export const pageReply = (event: GatewayEvent, items: readonly unknown[], cursor?: string): HttpResponse =>
  json(200, items, cursor === undefined ? {} : { link: nextLink(event, cursor) });

const nextLink = ({ resource, queryStringParameters }: GatewayEvent, cursor: string): string => {
  const next = new URLSearchParams();
  for (const [name, value] of Object.entries(queryStringParameters ?? {}))
    if (value !== undefined && name !== 'cursor') next.set(name, value);
  next.set('cursor', cursor);
  return `<${resource}?${next}>; rel="next"`;
};

/** A page of what is read as a whole, by id. */
export const pageOf = <Item>(
  event: GatewayEvent,
  all: readonly Item[],
  { limit, cursor }: { limit: number; cursor?: string | undefined },
  idOf: (item: Item) => string,
): HttpResponse => {
  const rest = all
    .filter((item) => cursor === undefined || idOf(item) > cursor)
    .sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return pageReply(event, items, rest.length > limit && last !== undefined ? idOf(last) : undefined);
};
