/** The stage's dashboard: what callers see, what it decides by, what it costs, and what it is worth. */
import { Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { DataStack } from '../stacks/data-stack.ts';
import type { GatewayStack } from '../stacks/gateway-stack.ts';
import type { StageOptions } from '../stage.ts';

export const PERIOD = Duration.minutes(5);

/** Of a function's EMF lines; see docs/operations/metrics.md. */
export const emf = (
  metricName: string,
  statistic = 'Sum',
  service = 'completions',
  period: Duration = PERIOD,
): Metric =>
  new Metric({ namespace: 'AtpRouter', metricName, statistic, period, dimensionsMap: { service } });

/** Of those who answer prompts, over HTTP and over sockets. */
export const answeringSum = (metricName: string, period: Duration = PERIOD): MathExpression =>
  new MathExpression({
    expression: `FILL(http${metricName}, 0) + FILL(sockets${metricName}, 0)`,
    usingMetrics: {
      [`http${metricName}`]: emf(metricName, 'Sum', 'completions', period),
      [`sockets${metricName}`]: emf(metricName, 'Sum', 'ws-worker', period),
    },
    label: metricName,
    period,
  });

const meanScore = (): MathExpression =>
  new MathExpression({
    expression: 'IF(scores > 0, total / scores)',
    usingMetrics: {
      total: emf('QualityScore', 'Sum', 'feedback'),
      scores: emf('Scores', 'Sum', 'feedback'),
    },
    label: 'mean score',
    period: PERIOD,
  });

const graph = (title: string, left: IMetric[], right: IMetric[] = []): GraphWidget =>
  new GraphWidget({ title, left, right, width: 8 });

export const stageDashboard = (
  scope: Construct,
  stage: StageOptions,
  { api, functions }: GatewayStack,
  { tables }: DataStack,
): Dashboard => {
  const percentiles = (of: (statistic: string) => IMetric): IMetric[] => ['p50', 'p95', 'p99'].map(of);
  const latency = (statistic: string): IMetric => api.metricLatency({ period: PERIOD, statistic });
  const share = api.metricServerError({ period: PERIOD, statistic: 'Average', label: '5xx share' });
  return new Dashboard(scope, 'Dashboard', {
    dashboardName: `atp-${stage.name}`,
    widgets: [
      [
        graph('Request rate', [api.metricCount({ period: PERIOD })], [answeringSum('Requests')]),
        graph('Latency p50, p95, p99', percentiles(latency)),
        graph(
          'Error rate',
          [api.metricClientError({ period: PERIOD }), api.metricServerError({ period: PERIOD })],
          [share],
        ),
      ],
      [
        graph('Active connections', [emf('ActiveConnections', 'Maximum', 'ws-gate')]),
        graph('Rate-limit hits', [answeringSum('RateLimited')]),
        graph(
          'Store',
          [tables.Usage, tables.Observations].map((table) =>
            table.metricSuccessfulRequestLatency({
              dimensionsMap: { TableName: table.tableName, Operation: 'TransactWriteItems' },
              period: PERIOD,
              label: table.node.id,
            }),
          ),
          [tables.Usage, tables.Observations].map((table) =>
            table.metric('ThrottledRequests', { period: PERIOD, statistic: 'Sum' }),
          ),
        ),
      ],
      [
        graph('Rust and TypeScript', [answeringSum('SelectorRust'), answeringSum('SelectorTypescript')]),
        graph('Selection p99', [emf('SelectorRustLatency', 'p99'), emf('SelectorTypescriptLatency', 'p99')]),
        graph(
          'Why not Rust',
          ['SelectorFailed', 'SelectorBreakerOpen', 'SelectorRollout', 'SelectorSwitchedOff'].map((name) =>
            answeringSum(name),
          ),
        ),
      ],
      [
        graph('Spend, US dollars', [answeringSum('CostUsd')]),
        graph('Tokens, and answers from the cache', [answeringSum('Tokens')], [answeringSum('CacheHits')]),
        graph('Quality', [meanScore()], [emf('Scores', 'Sum', 'feedback')]),
      ],
      [
        graph('Open breakers', [emf('OpenBreakers', 'Maximum', 'probe-adapters')]),
        graph('Personal data found', [answeringSum('PiiFindings')]),
        graph(
          'Instances',
          Object.values(functions).map(({ function: fn }) => fn.metric('ConcurrentExecutions')),
        ),
      ],
    ],
  });
};
