/** Functions that watch over the others: one asks each new version before it gets traffic, one asks the whole from outside. */
import { Duration, Stack } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import manifest from '../../package.json' with { type: 'json' };
import type { CanaryEnvironment, VerifyReleaseEnvironment } from '../../shared/config/env.ts';
import type { DataStack } from '../stacks/data-stack.ts';
import type { StageOptions } from '../stage.ts';
import { NodeFunction, type RustFunction } from './functions.ts';
import { grantReading } from './grants.ts';

export interface ReleaseFunctions {
  verifyRelease: NodeFunction;
  canary: NodeFunction;
}

const CANARY_EVERY = Duration.minutes(5);

export interface ReleaseFunctionsProps {
  stage: StageOptions;
  data: DataStack;
  /** What is released. */
  released: readonly (NodeFunction | RustFunction)[];
  /** Where callers reach the API. */
  url: string;
}

export const releaseFunctions = (
  scope: Construct,
  { stage, data, released, url }: ReleaseFunctionsProps,
): ReleaseFunctions => {
  const base = (service: string): VerifyReleaseEnvironment => ({
    ATP_STAGE: stage.name,
    ATP_VERSION: manifest.version,
    POWERTOOLS_SERVICE_NAME: service,
    POWERTOOLS_METRICS_NAMESPACE: 'AtpRouter',
    POWERTOOLS_LOG_LEVEL: stage.logLevel,
    SECRETS_PREFIX: data.secretsPrefix,
  });
  const verifyRelease = new NodeFunction(scope, 'VerifyRelease', {
    stage,
    source: 'verify-release',
    description: 'Asks a new version before it gets traffic',
    environment: { ...base('verify-release') },
    timeout: Duration.minutes(2),
  });
  grantReading(verifyRelease, [data.adminKey.secretArn]);
  verifyRelease.function.addToRolePolicy(
    new PolicyStatement({
      actions: ['lambda:InvokeFunction'],
      resources: released.map(({ function: fn }) => `${fn.functionArn}:*`),
    }),
  );
  verifyRelease.function.addToRolePolicy(
    new PolicyStatement({
      actions: ['codedeploy:PutLifecycleEventHookExecutionStatus'],
      resources: [deploymentGroups(scope, stage)],
    }),
  );
  // IAM knows no resource for these two: named by a group they would be refused, and with them every release.
  verifyRelease.function.addToRolePolicy(
    new PolicyStatement({
      actions: ['codedeploy:ListDeploymentTargets', 'codedeploy:BatchGetDeploymentTargets'],
      resources: ['*'],
    }),
  );

  const environment: CanaryEnvironment = { ...base('canary'), API_URL: url };
  const canary = new NodeFunction(scope, 'Canary', {
    stage,
    source: 'canary',
    description: 'Asks through the public address, as a caller does',
    environment: { ...environment },
  });
  grantReading(canary, [data.canaryKey.secretArn]);
  new Rule(scope, 'CanarySchedule', {
    schedule: Schedule.rate(CANARY_EVERY),
    // An emulator's address is another one than the stack's.
    enabled: !stage.emulated,
    targets: [
      new LambdaTarget(canary.live, {
        event: RuleTargetInput.fromObject({ source: 'schedule' }),
        retryAttempts: 0,
      }),
    ],
  });
  return { verifyRelease, canary };
};

/** Those of this stage's application; their names are made by CloudFormation. */
export const deploymentGroups = (scope: Construct, stage: StageOptions): string => {
  const { partition, region, account } = Stack.of(scope);
  return `arn:${partition}:codedeploy:${region}:${account}:deploymentgroup:atp-${stage.name}/*`;
};
