/** Alarms and the dashboard. */
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { Alarms } from '../constructs/alarms.ts';
import { answeringSum, emf, PERIOD, stageDashboard } from '../constructs/dashboard.ts';
import { poisonedScores } from '../constructs/poisoned-scores.ts';
import type { StageOptions } from '../stage.ts';
import type { DataStack } from './data-stack.ts';
import type { GatewayStack } from './gateway-stack.ts';

export interface ObservabilityStackProps {
  stage: StageOptions;
  gateway: GatewayStack;
  data: DataStack;
}

export class ObservabilityStack extends Stack {
  constructor(scope: Construct, id: string, { stage, gateway, data }: ObservabilityStackProps) {
    super(scope, id, {
      description: 'ATP Router: alarms and dashboard',
      terminationProtection: stage.keepData,
    });
    const topic = this.#alarmTopic(stage);
    const alarms = new Alarms(this, stage.name, new SnsAction(topic));
    if (stage.alarmEmail !== undefined) topic.addSubscription(new EmailSubscription(stage.alarmEmail));

    for (const [key, { function: fn }] of Object.entries(gateway.functions)) {
      const name = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      alarms.add(`${name}-errors`, {
        metric: fn.metricErrors({ period: PERIOD }),
        threshold: 0,
        description: `${name} failed`,
      });
      alarms.add(`${name}-throttles`, {
        metric: fn.metricThrottles({ period: PERIOD }),
        threshold: 0,
        description: `${name} was throttled`,
      });
    }
    const { api } = gateway;
    alarms.add('api-5xx', {
      metric: api.metricServerError({ period: PERIOD, statistic: 'Sum' }),
      threshold: 5,
      description: 'The API answered 5xx',
    });
    alarms.addBurnRates(api);
    alarms.add('api-p99', {
      metric: api.metricLatency({ period: PERIOD, statistic: 'p99' }),
      threshold: 30_000,
      description: 'Replies are slow (p99)',
    });
    alarms.add('fallback-share', {
      metric: this.#fallbackShare(),
      threshold: 0.1,
      description: 'More than a tenth of decisions fell to TypeScript',
    });
    alarms.add('spend', {
      metric: answeringSum('CostUsd', Duration.days(1)),
      threshold: stage.alarmUsdPerDay,
      description: `Models cost more than ${stage.alarmUsdPerDay} dollars in a day`,
    });
    alarms.add('canary-failed', {
      metric: emf('CanaryFailed', 'Maximum', 'canary'),
      threshold: 0,
      description: 'Asked through the public address, the gateway does not answer',
      // Also where nothing is heard of it: a canary that does not sing.
      overrides: {
        evaluationPeriods: 3,
        datapointsToAlarm: 2,
        treatMissingData: TreatMissingData.BREACHING,
      },
    });
    alarms.add('poisoned-scores', {
      metric: poisonedScores(this, gateway.functions.learn.logGroup),
      threshold: 0,
      description: 'Scores came that can never be learnt',
    });
    for (const queue of [data.deadLetters, data.undeliverable, data.learnFailures, data.lostAsks]) {
      const depth = queue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: 'Maximum' });
      alarms.add(`${queue.node.id}-depth`, {
        metric: depth,
        threshold: 0,
        description: `Messages wait in ${queue.node.id}`,
      });
    }
    stageDashboard(this, stage, gateway, data);
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

  #fallbackShare(): MathExpression {
    return new MathExpression({
      expression: 'IF(requests > 0, fallbacks / requests, 0)',
      usingMetrics: { fallbacks: emf('SelectorFallback'), requests: emf('Requests') },
      period: PERIOD,
    });
  }
}
