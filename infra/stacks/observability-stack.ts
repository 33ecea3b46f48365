/** Alarms and the dashboard. */
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { StageOptions } from '../stage.ts';
import type { DataStack } from './data-stack.ts';
import type { GatewayStack } from './gateway-stack.ts';

export interface ObservabilityStackProps {
  stage: StageOptions;
  gateway: GatewayStack;
  data: DataStack;
}

const PERIOD = Duration.minutes(5);

export class ObservabilityStack extends Stack {
  readonly #topic: Topic;
  readonly #stage: StageOptions;

  constructor(scope: Construct, id: string, { stage, gateway, data }: ObservabilityStackProps) {
    super(scope, id, {
      description: 'ATP Router: alarms and dashboard',
      terminationProtection: stage.keepData,
    });
    this.#stage = stage;
    this.#topic = this.#alarmTopic(stage);
    if (stage.alarmEmail !== undefined) this.#topic.addSubscription(new EmailSubscription(stage.alarmEmail));

    for (const [key, { function: fn }] of Object.entries(gateway.functions)) {
      const name = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      this.#alarm(`${name}-errors`, fn.metricErrors({ period: PERIOD }), 0, `${name} failed`);
      this.#alarm(`${name}-throttles`, fn.metricThrottles({ period: PERIOD }), 0, `${name} was throttled`);
    }
    const { api } = gateway;
    const serverErrors = api.metricServerError({ period: PERIOD, statistic: 'Sum' });
    this.#alarm('api-5xx', serverErrors, 5, 'The API answered 5xx');
    this.#alarm(
      'api-p99',
      api.metricLatency({ period: PERIOD, statistic: 'p99' }),
      30_000,
      'Replies are slow (p99)',
    );
    this.#alarm(
      'fallback-share',
      this.#fallbackShare(),
      0.1,
      'More than a tenth of decisions fell to TypeScript',
    );
    this.#canary();
    for (const queue of [data.deadLetters, data.undeliverable, data.learnFailures, data.lostAsks]) {
      const depth = queue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: 'Maximum' });
      this.#alarm(`${queue.node.id}-depth`, depth, 0, `Messages wait in ${queue.node.id}`);
    }
    this.#dashboard(gateway);
  }

  /** Without both grants CloudWatch's messages are refused, and nobody is told. */
  #alarmTopic(stage: StageOptions): Topic {
    const masterKey = new Key(this, 'TopicKey', {
      enableKeyRotation: true,
      description: 'Encrypts alarm messages',
      removalPolicy: stage.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const topic = new Topic(this, 'Alarms', {
      topicName: `atp-${stage.name}-alarms`,
      masterKey,
      enforceSSL: true,
    });
    const cloudWatch = {
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
    };
    masterKey.addToResourcePolicy(
      new PolicyStatement({
        ...cloudWatch,
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        // In a key's own policy this is the key.
        resources: ['*'],
      }),
    );
    topic.addToResourcePolicy(
      new PolicyStatement({ ...cloudWatch, actions: ['sns:Publish'], resources: [topic.topicArn] }),
    );
    return topic;
  }

  #service(metricName: string, statistic: string): Metric {
    return new Metric({
      namespace: 'AtpRouter',
      metricName,
      statistic,
      period: PERIOD,
      dimensionsMap: { service: 'completions' },
    });
  }

  #fallbackShare(): MathExpression {
    return new MathExpression({
      expression: 'IF(requests > 0, fallbacks / requests, 0)',
      usingMetrics: {
        fallbacks: this.#service('SelectorFallback', 'Sum'),
        requests: this.#service('Requests', 'Sum'),
      },
      period: PERIOD,
    });
  }

  /** Also where nothing is heard of it: a canary that does not sing. */
  #canary(): void {
    const failed = new Metric({
      namespace: 'AtpRouter',
      metricName: 'CanaryFailed',
      statistic: 'Maximum',
      period: PERIOD,
      dimensionsMap: { service: 'canary' },
    });
    const alarm = new Alarm(this, 'canary-failed', {
      alarmName: `atp-${this.#stage.name}-canary-failed`,
      alarmDescription: 'Asked through the public address, the gateway does not answer',
      metric: failed,
      threshold: 0,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.#topic));
  }

  #alarm(name: string, metric: IMetric, threshold: number, alarmDescription: string): void {
    const alarm = new Alarm(this, name, {
      alarmName: `atp-${this.#stage.name}-${name}`,
      alarmDescription,
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.#topic));
  }

  #dashboard(gateway: GatewayStack): void {
    const { api, functions } = gateway;
    const graph = (title: string, ...left: IMetric[]): GraphWidget =>
      new GraphWidget({ title, left, width: 8 });
    const latency = (statistic: string): Metric => api.metricLatency({ period: PERIOD, statistic });
    new Dashboard(this, 'Dashboard', {
      dashboardName: `atp-${this.#stage.name}`,
      widgets: [
        [
          graph('Requests', api.metricCount({ period: PERIOD })),
          graph('Latency', latency('p50'), latency('p95'), latency('p99')),
          graph(
            'Errors',
            api.metricClientError({ period: PERIOD }),
            api.metricServerError({ period: PERIOD }),
          ),
        ],
        [
          graph(
            'Rust and TypeScript',
            this.#service('SelectorRust', 'Sum'),
            this.#service('SelectorTypescript', 'Sum'),
          ),
          graph('Limits', this.#service('RateLimited', 'Sum')),
          graph('Spend, US dollars', this.#service('CostUsd', 'Sum')),
        ],
        [
          graph('Tokens', this.#service('Tokens', 'Sum')),
          graph('Personal data found', this.#service('PiiFindings', 'Sum')),
          graph(
            'Instances',
            ...Object.values(functions).map(({ function: fn }) => fn.metric('ConcurrentExecutions')),
          ),
        ],
      ],
    });
  }
}
