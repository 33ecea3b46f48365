/** API Gateway's resources from the one route table. What it does not name goes to `status`, which answers 404 or 405. */
import type { LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { type FunctionName, ROUTES, type Route } from '../shared/config/routes.ts';

export type Integrations = Readonly<Record<FunctionName, LambdaIntegration>>;

export const addRoutes = (api: RestApi, integrations: Integrations): void => {
  const byResource = Map.groupBy(ROUTES, (route: Route) => route.resource);
  for (const [path, routes] of byResource) {
    const resource = api.root.resourceForPath(path);
    for (const route of routes) resource.addMethod(route.method, integrations[route.function]);
    resource.addMethod('ANY', integrations.status);
  }
  api.root.addMethod('ANY', integrations.status);
  api.root.addProxy({ defaultIntegration: integrations.status, anyMethod: true });
};
