/** Route and method come before everything else: an unknown path is 404, a known path with another method 405. */
import type { MiddlewareObj } from '@middy/core';
import type { Route } from '../config/routes.ts';
import { AppError } from '../errors/app-error.ts';
import type { HttpResponse } from './http-response.ts';
import type { GatewayEvent } from './scope.ts';

export const routeKey = (method: string, resource: string): string => `${method} ${resource}`;

export const matchRoute = (routes: readonly Route[]): MiddlewareObj<GatewayEvent, HttpResponse> => {
  const byKey = new Map(routes.map((route) => [routeKey(route.method, route.resource), route]));
  const methods = new Map<string, string[]>();
  for (const { method, resource } of routes)
    methods.set(resource, [...(methods.get(resource) ?? []), method]);
  return {
    before: ({ event }) => {
      const route = byKey.get(routeKey(event.httpMethod, event.resource));
      if (route !== undefined) {
        event.scope.route = route;
        return;
      }
      const allowed = methods.get(event.resource);
      if (allowed === undefined) throw new AppError('not_found', 'There is no such route.');
      throw new AppError('method_not_allowed', `This route answers ${allowed.join(', ')}.`, {
        headers: { allow: allowed.join(', ') },
      });
    },
  };
};
