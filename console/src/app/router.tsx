/** Pages by path; each is a chunk of its own, loaded when it is first shown. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouteComponent,
} from '@tanstack/react-router';
import { readFilters } from '../lib/filters.ts';
import { PageHead } from '../ui/card.tsx';
import { Failed, Loading } from '../ui/state.tsx';
import { Shell } from './shell.tsx';

const root = createRootRoute({
  component: Shell,
  notFoundComponent: () => <PageHead title="There is no such page">Pick one from the navigation.</PageHead>,
});

const page = <Path extends string>(path: Path, component: RouteComponent) =>
  createRoute({ getParentRoute: () => root, path, component });

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

const defined = <T extends Record<string, string | undefined>>(record: T): { [K in keyof T]?: string } =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: string;
  };

const now = page(
  '/',
  lazyRouteComponent(() => import('../pages/now/now.tsx'), 'Now'),
);
const routing = createRoute({
  getParentRoute: () => root,
  path: '/routing',
  component: lazyRouteComponent(() => import('../pages/routing/routing.tsx'), 'Routing'),
  validateSearch: (search: Record<string, unknown>) =>
    defined({ policy: text(search.policy), hours: text(search.hours) }),
});
const requests = createRoute({
  getParentRoute: () => root,
  path: '/requests',
  component: lazyRouteComponent(() => import('../pages/requests/requests.tsx'), 'Requests'),
  validateSearch: readFilters,
});
const request = createRoute({
  getParentRoute: () => root,
  path: '/requests/$id',
  component: lazyRouteComponent(() => import('../pages/requests/request.tsx'), 'Request'),
  validateSearch: (search: Record<string, unknown>) => defined({ tenant: text(search.tenant) }),
});
const tenants = page(
  '/tenants',
  lazyRouteComponent(() => import('../pages/tenants/tenants.tsx'), 'Tenants'),
);
const tenant = page(
  '/tenants/$id',
  lazyRouteComponent(() => import('../pages/tenants/tenant.tsx'), 'Tenant'),
);
const models = page(
  '/models',
  lazyRouteComponent(() => import('../pages/models/models.tsx'), 'Models'),
);
const model = page(
  '/models/$id',
  lazyRouteComponent(() => import('../pages/models/model.tsx'), 'Model'),
);
const privacy = page(
  '/privacy',
  lazyRouteComponent(() => import('../pages/privacy/privacy.tsx'), 'Privacy'),
);
const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  component: lazyRouteComponent(() => import('../pages/audit/audit.tsx'), 'Audit'),
  validateSearch: (search: Record<string, unknown>) => defined({ chain: text(search.chain) }),
});
const playground = page(
  '/playground',
  lazyRouteComponent(() => import('../pages/playground/playground.tsx'), 'Playground'),
);

export const makeRouter = () =>
  createRouter({
    routeTree: root.addChildren([
      now,
      routing,
      requests,
      request,
      tenants,
      tenant,
      models,
      model,
      privacy,
      audit,
      playground,
    ]),
    basepath: import.meta.env.BASE_URL,
    defaultPreload: 'intent',
    defaultPendingComponent: Loading,
    defaultErrorComponent: ({ error, reset }) => <Failed error={error} retry={reset} />,
  });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
