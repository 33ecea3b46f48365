import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { resourcesOf, synthesize } from './synthesize.ts';

const { gateway } = synthesize('prod');
const statements = (): { policy: string; Action: string | string[]; Resource: unknown }[] =>
  resourcesOf([gateway], 'AWS::IAM::Policy').flatMap(([policy, { Properties }]) =>
    (Properties.PolicyDocument as { Statement: { Action: string; Resource: unknown }[] }).Statement.map(
      (statement) => ({ policy, ...statement }),
    ),
  );

describe('the event bus', () => {
  test("is the stage's own, and one function may tell it something", () => {
    gateway.hasResourceProperties('AWS::Events::EventBus', { Name: 'atp-prod' });
    const tellers = statements().filter(({ Action }) => [Action].flat().includes('events:PutEvents'));

    expect(tellers.map(({ policy }) => policy)).toEqual([expect.stringContaining('PublishEvents')]);
    expect(JSON.stringify(tellers[0]?.Resource)).toContain('Events');
  });

  test('hears of new observations and notices alone, for an hour', () => {
    for (const Keys of [{ pk: { S: [{ prefix: '2' }] } }, { pk: { S: ['events'] } }])
      gateway.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
        FunctionName: Match.anyValue(),
        FilterCriteria: {
          Filters: [{ Pattern: JSON.stringify({ eventName: ['INSERT'], dynamodb: { Keys } }) }],
        },
        MaximumRecordAgeInSeconds: 3_600,
        BisectBatchOnFunctionError: true,
        StartingPosition: 'LATEST',
      });
  });

  test('rotate-secret may write notices, and nothing else of the Usage table', () => {
    const writing = statements().filter(
      ({ policy, Action }) => policy.startsWith('RotateSecret') && Action === 'dynamodb:UpdateItem',
    );

    expect(writing).toMatchObject([
      { Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['events'] } } },
    ]);
  });

  test('an emulated stage has none', () => {
    const emulated = synthesize('dev', { emulated: true });

    emulated.gateway.resourceCountIs('AWS::Events::EventBus', 0);
  });
});
