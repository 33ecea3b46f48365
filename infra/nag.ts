/** What cdk-nag finds and why it stays. Every suppression has a reason. */
import { type CfnElement, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Stacks } from './stacks/stacks.ts';
import type { StageOptions } from './stage.ts';

interface Finding {
  id: string;
  reason: string;
}

const acknowledge = (scope: IConstruct, findings: readonly Finding[]): void => {
  for (const finding of findings) Validations.of(scope).acknowledge(finding);
};

const suppressConsole = ({ bucket, distribution }: NonNullable<Stacks['console']>): void => {
  acknowledge(bucket, [
    { id: 'AwsSolutions-S1', reason: 'It holds what anybody may read, and one distribution reads it.' },
  ]);
  acknowledge(distribution, [
    { id: 'AwsSolutions-CFR1', reason: 'Operators may be anywhere; the API asks each for a key.' },
    {
      id: 'AwsSolutions-CFR2',
      reason:
        'The pages are static and public; the API behind them has its own web ACL where the stage has one.',
    },
    { id: 'AwsSolutions-CFR3', reason: "What is asked of the API is in the API's access log." },
    {
      id: 'AwsSolutions-CFR4',
      reason: "CloudFront's own name comes with CloudFront's own certificate, whose protocols AWS sets.",
    },
  ]);
};

export const suppressFindings = (
  { data, gateway, console: pages }: Stacks,
  stage: Pick<StageOptions, 'webAcl'>,
): void => {
  acknowledge(data, [
    {
      id: 'AwsSolutions-SMG4',
      reason:
        'Schedules in the gateway stack call rotate-secret where the stage rotates by itself; the rule looks into one stack. A development stage rotates by hand.',
    },
    {
      id: 'AwsSolutions-SQS3',
      reason:
        'Undeliverable, LearnFailures and LostAsks are the last resort themselves; an alarm watches their depth.',
    },
  ]);
  if (data.auditBucket !== undefined) {
    acknowledge(data.auditBucket, [
      {
        id: 'AwsSolutions-S1',
        reason:
          'One function writes to it and nothing of the stage reads it; who else does is for the account to record, in CloudTrail.',
      },
    ]);
  }
  const { exportAudit } = gateway.functions;
  if (exportAudit !== undefined) {
    const objects = `arn:<AWS::Partition>:s3:::atp-${data.secretsPrefix.slice('atp/'.length)}-audit-<AWS::AccountId>/audit/*`;
    acknowledge(exportAudit.function.node.scope ?? exportAudit, [
      {
        id: `AwsSolutions-IAM5[Resource::${objects}]`,
        reason: 'Objects are named by when they are written.',
      },
    ]);
  }
  if (pages !== undefined) suppressConsole(pages);
  acknowledge(gateway, [
    {
      id: 'AwsSolutions-APIG2',
      reason:
        'Bodies are validated by the function, which names every field; a model in API Gateway would answer with less.',
    },
    ...(stage.webAcl === undefined
      ? [
          {
            id: 'AwsSolutions-APIG3',
            reason: 'A web ACL costs something while nobody calls: this stage has none.',
          },
        ]
      : []),
    {
      id: 'AwsSolutions-APIG4',
      reason:
        'Keys are checked by the function: their hashes live in DynamoDB, and health routes are public on purpose.',
    },
    {
      id: 'AwsSolutions-COG4',
      reason: 'Callers are programs with API keys, not users of a Cognito pool.',
    },
    {
      id: 'AwsSolutions-L1',
      reason: 'nodejs24.x and provided.al2023 are the newest runtimes; the rule knows older ones.',
    },
  ]);
  for (const { function: fn } of Object.values(gateway.functions)) {
    acknowledge(fn.node.scope ?? fn, [
      {
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason:
          "X-Ray, CloudWatch metrics and the targets of CodeDeploy's deployments have no resource ARNs to name.",
      },
    ]);
  }
  const providerKeys = `arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:${data.secretsPrefix}/adapters/*`;
  for (const { function: fn } of [
    gateway.functions.completions,
    gateway.functions.wsWorker,
    gateway.functions.probeAdapters,
    gateway.functions.admin,
  ]) {
    acknowledge(fn.node.scope ?? fn, [
      {
        id: `AwsSolutions-IAM5[Resource::${providerKeys}]`,
        reason:
          "Secrets of providers' keys are named when an operator registers a model, so their prefix is granted.",
      },
    ]);
  }
  for (const { function: fn } of [
    gateway.functions.completions,
    gateway.functions.wsWorker,
    gateway.functions.probeAdapters,
    gateway.functions.admin,
  ]) {
    acknowledge(
      fn.node.scope ?? fn,
      [
        ':foundation-model',
        '<AWS::AccountId>:inference-profile',
        '<AWS::AccountId>:application-inference-profile',
      ].map((kind) => ({
        id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:bedrock:*:${kind}/*]`,
        reason: 'An operator names models of Bedrock when they are registered; a profile spans regions.',
      })),
    );
  }
  const socketApi = gateway.getLogicalId(gateway.webSocket.api.node.defaultChild as CfnElement);
  const { admin, wsGate, wsMessage, wsWorker } = gateway.functions;
  for (const { function: fn } of [admin, wsGate, wsMessage, wsWorker]) {
    acknowledge(
      fn.node.scope ?? fn,
      ['POST', 'DELETE'].map((method) => ({
        id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<${socketApi}>/live/${method}/@connections/*]`,
        reason: "Connections are named when they open; these are the API's own.",
      })),
    );
  }
  if (gateway.capacity !== undefined) {
    acknowledge(gateway.capacity, [
      {
        id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AWSLambdaManagedEC2ResourceOperator]',
        reason:
          'The role through which Lambda runs its instances; AWS defines that policy for it, and extends it.',
      },
    ]);
  }
  const { verifyRelease, canary: _, ...released } = gateway.functions;
  const anyVersionOf = ({ function: fn }: typeof verifyRelease | typeof released.select): string =>
    `AwsSolutions-IAM5[Resource::<${gateway.getLogicalId(fn.node.defaultChild as CfnElement)}.Arn>:*]`;
  acknowledge(gateway.releases.role, [
    {
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited]',
      reason: 'The role through which CodeDeploy moves aliases; AWS defines that policy for it.',
    },
    { id: anyVersionOf(verifyRelease), reason: 'CodeDeploy calls the hook by its name.' },
  ]);
  acknowledge(verifyRelease.function.node.scope ?? verifyRelease, [
    {
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:codedeploy:<AWS::Region>:<AWS::AccountId>:deploymentgroup:atp-${data.secretsPrefix.slice('atp/'.length)}/*]`,
      reason: "CloudFormation names the groups; these are the stage's own.",
    },
    ...Object.values(released).map((fn) => ({
      id: anyVersionOf(fn),
      reason: 'A version is asked before it gets traffic, and its number is not known earlier.',
    })),
  ]);
  acknowledge(gateway.api, [
    {
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      reason:
        'The account-wide role through which API Gateway writes its logs; AWS defines that policy for it.',
    },
  ]);
};
