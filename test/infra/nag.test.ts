import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { type Synthesized, synthesize, synthesizeAnew } from './synthesize.ts';

const findings = ({ app }: Synthesized): string[] =>
  new AwsSolutionsChecks(app)
    .validateScope(app)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`),
    );

describe('AWS Solutions checks', () => {
  test.each(['dev', 'staging', 'prod'] as const)('%s has no finding without a reason', (stage) => {
    expect(findings(synthesize(stage))).toEqual([]);
  });

  test('a stage that copies its audit log has none either', () => {
    expect(findings(synthesize('prod', { auditExportDays: 365, piiFunction: true }))).toEqual([]);
  });

  test('find what is wrong', () => {
    const synthesized = synthesizeAnew('dev');
    new Queue(synthesized.stacks.observability, 'Open');

    expect(findings(synthesized).join()).toContain('AwsSolutions-SQS4 atp-dev-observability/Open');
  });

  test('nothing else that the gateway may do on any resource is waved through', () => {
    const { app, stacks } = synthesizeAnew('dev');
    stacks.gateway.functions.status.function.role?.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['dynamodb:*'], resources: [stacks.data.tables.Audit.tableArn] }),
    );

    const { violations } = new AwsSolutionsChecks(app).validateScope(app);

    expect(violations.map(({ ruleName }) => ruleName)).toEqual(['AwsSolutions-IAM5[Action::dynamodb:*]']);
  });
});
