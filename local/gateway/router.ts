/** From a method and a raw path to a route: one map look-up, or a walk over the few routes with parameters. */
import type { Route } from '../../shared/config/routes.ts';

export type RouteMatch =
  | { kind: 'found'; route: Route; parameters: Record<string, string> | null }
  | { kind: 'wrong_method'; allow: string; resource: string }
  | { kind: 'unknown' };

interface Resource {
  segments: readonly string[];
  byMethod: Map<string, Route>;
  allow: string;
  resource: string;
}

const UNKNOWN: RouteMatch = { kind: 'unknown' };
const PARAMETER = /^\{(.+)\}$/;

export class Router {
  readonly #fixed = new Map<string, Resource>();
  readonly #parametric: Resource[] = [];

  constructor(routes: readonly Route[]) {
    const resources = new Map<string, Resource>();
    for (const route of routes) {
      const known = resources.get(route.resource);
      const entry = known ?? {
        segments: route.resource.split('/'),
        byMethod: new Map<string, Route>(),
        allow: '',
        resource: route.resource,
      };
      entry.byMethod.set(route.method, route);
      entry.allow = [...entry.byMethod.keys()].sort().join(', ');
      resources.set(route.resource, entry);
    }
    for (const entry of resources.values()) {
      if (entry.resource.includes('{')) this.#parametric.push(entry);
      else this.#fixed.set(entry.resource, entry);
    }
  }

  match(method: string, path: string): RouteMatch {
    const fixed = this.#fixed.get(path);
    if (fixed !== undefined) return answer(fixed, method, null);
    const segments = path.split('/');
    for (const entry of this.#parametric) {
      const parameters = bind(entry.segments, segments);
      if (parameters !== undefined) return answer(entry, method, parameters);
    }
    return UNKNOWN;
  }
}

const answer = (entry: Resource, method: string, parameters: Record<string, string> | null): RouteMatch => {
  const route = entry.byMethod.get(method);
  return route === undefined
    ? { kind: 'wrong_method', allow: entry.allow, resource: entry.resource }
    : { kind: 'found', route, parameters };
};

const bind = (
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined => {
  if (pattern.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (let index = 0; index < pattern.length; index += 1) {
    const expected = pattern[index] ?? '';
    const actual = segments[index] ?? '';
    const name = PARAMETER.exec(expected)?.[1];
    if (name === undefined) {
      if (expected !== actual) return undefined;
      continue;
    }
    const decoded = decode(actual);
    if (decoded === undefined || decoded === '') return undefined;
    parameters[name] = decoded;
  }
  return parameters;
};

const decode = (text: string): string | undefined => {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};
