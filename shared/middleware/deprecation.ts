/** What a route says that is to be called no more: RFC 9745 (Deprecation), RFC 8594 (Sunset), and where to read on. */
import type { Route } from '../config/routes.ts';

const DAY_END = 'T23:59:59Z';

/** Nothing for a route that stays. Another `Link` of the reply is kept. */
export const deprecationHeaders = (
  route: Pick<Route, 'deprecated'> | undefined,
  headers: Readonly<Record<string, string>> | undefined,
): Record<string, string> | undefined => {
  const deprecated = route?.deprecated;
  if (deprecated === undefined) return undefined;
  const { since, sunset, link } = deprecated;
  const own = `<${link}>; rel="deprecation"; type="text/html"`;
  const other = headers?.link;
  return {
    deprecation: `@${Date.parse(since) / 1_000}`,
    sunset: new Date(sunset + DAY_END).toUTCString(),
    link: other === undefined ? own : `${other}, ${own}`,
  };
};
