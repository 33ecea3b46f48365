/** What a key or token may be narrowed to, read off the route table: every route has one scope, so a new route has one too. */
import type { Role } from '../model/tenant.ts';
import { ROUTES, type Route } from './routes.ts';

/** Paths of the vendors' making, and where a name of its own says more than the path. */
const NAMED: Readonly<Record<string, string>> = {
  '/v1/chat/completions': 'ask',
  '/v1/responses': 'ask',
  '/v1/messages': 'ask',
  '/v1/embeddings': 'embed',
  '/mcp': 'mcp',
  '/admin/privacy/preview': 'privacy:read',
};

/** `GET /admin/keys` is `keys:read`, `POST /admin/keys/{id}/rotate` is `keys:write`, `POST /v1/plan` is `plan`. */
export const scopeOf = ({ method, resource }: Pick<Route, 'method' | 'resource'>): string => {
  const named = NAMED[resource];
  if (named !== undefined) return named;
  const [, area = '', family = area] = resource.split('/');
  if (method === 'GET') return `${family}:read`;
  return area === 'admin' ? `${family}:write` : family;
};

/** Each scope with the roles that have it anyway. */
export const SCOPES: ReadonlyMap<string, ReadonlySet<Role>> = ROUTES.reduce((found, route) => {
  if (route.access === 'public') return found;
  const scope = scopeOf(route);
  return found.set(scope, new Set([...(found.get(scope) ?? []), ...route.access]));
}, new Map<string, Set<Role>>());

export const SCOPE_NAMES: readonly string[] = [...SCOPES.keys()].sort();
