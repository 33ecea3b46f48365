import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { NODE_FUNCTIONS, RUST_FUNCTIONS, resourcesOf, synthesize } from './synthesize.ts';

const { observability } = synthesize('prod', { alarmEmail: 'ops@example.com' });
const alarms = resourcesOf([observability], 'AWS::CloudWatch::Alarm');

describe('alarms', () => {
  test.each([...NODE_FUNCTIONS, ...RUST_FUNCTIONS])('tell when %s fails or is throttled', (name) => {
    for (const [kind, MetricName] of [
      ['errors', 'Errors'],
      ['throttles', 'Throttles'],
    ])
      observability.hasResourceProperties('AWS::CloudWatch::Alarm', {
        AlarmName: `atp-prod-${name}-${kind}`,
        Namespace: 'AWS/Lambda',
        MetricName,
        Threshold: 0,
        ComparisonOperator: 'GreaterThanThreshold',
        Dimensions: [{ Name: 'FunctionName', Value: Match.anyValue() }],
      });
  });

  test.each([
    'api-5xx',
    'api-p99',
    'fallback-share',
    'canary-failed',
    'DeadLetters-depth',
    'Undeliverable-depth',
    'LearnFailures-depth',
    'LostAsks-depth',
    'poisoned-scores',
  ])('there is one for %s', (name) => {
    observability.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmName: `atp-prod-${name}` });
  });

  test('scores that can never be learnt are counted from the line that learn writes', () => {
    observability.hasResourceProperties('AWS::Logs::MetricFilter', {
      FilterPattern: '{ ($.event = "learn") && ($.poisoned > 0) }',
      MetricTransformations: [
        { MetricNamespace: 'AtpRouter', MetricName: 'PoisonedScores', MetricValue: '$.poisoned' },
      ],
    });
    observability.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'atp-prod-poisoned-scores',
      Namespace: 'AtpRouter',
      MetricName: 'PoisonedScores',
      Statistic: 'Sum',
      Threshold: 0,
    });
  });

  test('the share of fallbacks is a quotient that no traffic makes zero', () => {
    observability.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'atp-prod-fallback-share',
      Threshold: 0.1,
      Metrics: Match.arrayWith([
        Match.objectLike({ Expression: 'IF(requests > 0, fallbacks / requests, 0)' }),
      ]),
    });
  });

  test('each one reaches the topic', () => {
    const [[topic] = ['']] = resourcesOf([observability], 'AWS::SNS::Topic');

    expect(alarms.length).toBeGreaterThan(15);
    const windows = alarms.filter(([, { Properties }]) => /-slo-/.test(String(Properties.AlarmName)));
    const composites = resourcesOf([observability], 'AWS::CloudWatch::CompositeAlarm');
    expect(windows).toHaveLength(6);
    expect(composites).toHaveLength(3);
    for (const alarm of [...alarms, ...composites])
      expect(alarm[1].Properties.AlarmActions).toEqual(
        windows.includes(alarm) ? undefined : [{ Ref: topic }],
      );
  });

  test.each([
    ['fast', 14.4, 3_600, 300],
    ['slow', 6, 21_600, 1_800],
    ['drip', 3, 86_400, 7_200],
  ])('the budget of 99.9 %% is watched: %s, %d times too fast', (name, rate, long, short) => {
    for (const [window, Period] of [
      ['long', long],
      ['short', short],
    ])
      observability.hasResourceProperties('AWS::CloudWatch::Alarm', {
        AlarmName: `atp-prod-slo-${name}-${window}`,
        ...{ MetricName: '5XXError', Statistic: 'Average', Period },
        Threshold: rate * 0.001,
      });
    const [, composite] = resourcesOf([observability], 'AWS::CloudWatch::CompositeAlarm').find(
      ([, { Properties }]) => Properties.AlarmName === `atp-prod-slo-burn-${name}`,
    ) ?? ['', undefined];
    expect(JSON.stringify(composite?.Properties.AlarmRule)).toMatch(/ALARM.* AND .*ALARM/);
  });

  test('what a day costs is watched, over HTTP and sockets together', () => {
    observability.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'atp-prod-spend',
      Threshold: 1_000,
      Metrics: Match.arrayWith([
        Match.objectLike({ Expression: 'FILL(httpCostUsd, 0) + FILL(socketsCostUsd, 0)' }),
      ]),
    });
  });

  test('the topic is encrypted with a key that rotates, and mails to the address', () => {
    observability.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
    observability.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
    observability.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'ops@example.com',
    });
  });

  test('CloudWatch may publish to the topic and use its key', () => {
    const cloudWatch = { Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' } };

    observability.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({ ...cloudWatch, Action: 'sns:Publish' })]),
      },
    });
    observability.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({ ...cloudWatch, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'] }),
        ]),
      },
    });
  });

  test('without an address nobody is subscribed', () => {
    synthesize('dev').observability.resourceCountIs('AWS::SNS::Subscription', 0);
  });
});

describe('the dashboard', () => {
  const [[, dashboard] = ['', undefined]] = resourcesOf([observability], 'AWS::CloudWatch::Dashboard');
  const body = JSON.stringify(dashboard?.Properties.DashboardBody);

  test.each([
    'Request rate',
    'Latency p50, p95, p99',
    'Error rate',
    'Active connections',
    'Rate-limit hits',
    'Store',
    'Rust and TypeScript',
    'Spend, US dollars',
    'Quality',
  ])('has a panel for %s', (title) => {
    expect(body).toContain(`\\"title\\":\\"${title}\\"`);
  });

  test.each([
    'SelectorRust',
    'SelectorTypescript',
    'RateLimited',
    'CostUsd',
    'Tokens',
    'PiiFindings',
    'ActiveConnections',
    'OpenBreakers',
    'CacheHits',
    'QualityScore',
    'SuccessfulRequestLatency',
    'p95',
  ])('shows %s', (metric) => {
    expect(body).toContain(metric);
  });
});
