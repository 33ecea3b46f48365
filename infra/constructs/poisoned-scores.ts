/** How many scores `learn` set aside because they can never be learnt, counted from its log. */
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { PERIOD } from './dashboard.ts';

export const poisonedScores = (scope: Construct, logGroup: ILogGroup): Metric =>
  new MetricFilter(scope, 'PoisonedScores', {
    logGroup,
    filterPattern: FilterPattern.all(
      FilterPattern.stringValue('$.event', '=', 'learn'),
      FilterPattern.numberValue('$.poisoned', '>', 0),
    ),
    metricNamespace: 'AtpRouter',
    metricName: 'PoisonedScores',
    metricValue: '$.poisoned',
  }).metric({ statistic: 'Sum', period: PERIOD });
