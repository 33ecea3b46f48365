/** The functions behind operators' routes: one that reads and changes, one that shows what happened over time. */
import { Duration } from 'aws-cdk-lib';
import type { AdminEnvironment, SeriesEnvironment } from '../../shared/config/env.ts';
import type { DataStack } from '../stacks/data-stack.ts';
import type { NodeFunction } from './functions.ts';
import { grant } from './grant.ts';
import { grantBedrock, grantMetrics } from './grants.ts';

type MakeFunction = (
  source: string,
  description: string,
  environment: Record<string, string>,
  timeout?: Duration,
) => NodeFunction;

/** CloudWatch keeps the functions' metrics by the minute. */
const METRICS_STEP_S = '60';

export const adminFunction = (
  make: MakeFunction,
  environment: AdminEnvironment,
  { tables }: DataStack,
): NodeFunction => {
  const admin = make('admin', 'Models, keys, limits, observations, flags', { ...environment });
  grant(admin, tables.Config, ['GetItem', 'Query', 'PutItem', 'DeleteItem']);
  grant(admin, tables.Usage, ['GetItem', 'Query', 'UpdateItem']);
  grant(admin, tables.Observations, ['GetItem', 'BatchGetItem', 'Query'], 'tenant-index');
  grant(admin, tables.Learning, ['Query']);
  grant(admin, tables.Replies, ['GetItem', 'PutItem', 'UpdateItem']);
  grant(admin, tables.Connections, ['Scan', 'DeleteItem']);
  // For one call of a model that an operator tries.
  grantBedrock(admin);
  return admin;
};

export const seriesFunction = (
  make: MakeFunction,
  environment: Omit<SeriesEnvironment, 'METRICS_STEP_S'>,
  { tables }: DataStack,
): NodeFunction => {
  const whole: SeriesEnvironment = { ...environment, METRICS_STEP_S };
  const series = make(
    'series',
    'What happened over time, and what happens',
    { ...whole },
    Duration.minutes(15),
  );
  grant(series, tables.Config, ['GetItem']);
  grant(series, tables.Observations, ['Query']);
  grantMetrics(series);
  return series;
};
