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
    'DeadLetters-depth',
    'Undeliverable-depth',
    'LearnFailures-depth',
  ])('there is one for %s', (name) => {
    observability.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmName: `atp-prod-${name}` });
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
    for (const [, { Properties }] of alarms) expect(Properties.AlarmActions).toEqual([{ Ref: topic }]);
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

test('the dashboard shows what the functions measure', () => {
  const [[, dashboard] = ['', undefined]] = resourcesOf([observability], 'AWS::CloudWatch::Dashboard');
  const body = JSON.stringify(dashboard?.Properties.DashboardBody);

  for (const metric of [
    'SelectorRust',
    'SelectorTypescript',
    'RateLimited',
    'CostUsd',
    'Tokens',
    'PiiFindings',
  ])
    expect(body).toContain(metric);
});
