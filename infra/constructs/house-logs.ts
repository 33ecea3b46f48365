/** A log group that is kept as long as the stage says. */
import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, type LogGroupProps, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { StageOptions } from '../stage.ts';

export const houseLogs = (
  scope: Construct,
  id: string,
  stage: StageOptions,
  overrides: LogGroupProps = {},
): LogGroup =>
  new LogGroup(scope, id, {
    retention: stage.logRetentionDays as RetentionDays,
    removalPolicy: stage.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    ...overrides,
  });
