/** What functions may do beside their tables: read secrets, keep providers' keys, and call models of Bedrock. */
import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { DataStack } from '../stacks/data-stack.ts';
import type { NodeFunction } from './functions.ts';

export const grantReading = (fn: NodeFunction, resources: string[]): void => {
  fn.function.addToRolePolicy(new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources }));
};

/** Who answers notes when a key was used, in a partition of its own: nothing else of the configuration is theirs to change. */
export const grantKeyUses = (fn: NodeFunction, config: Table): void => {
  fn.function.addToRolePolicy(
    new PolicyStatement({
      actions: ['dynamodb:PutItem'],
      resources: [config.tableArn],
      conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['key-uses'] } },
    }),
  );
};

/** Whoever notices something tells the event log, and may touch nothing else of its table. */
export const grantNotices = (fn: NodeFunction, usage: Table): void => {
  fn.function.addToRolePolicy(
    new PolicyStatement({
      actions: ['dynamodb:UpdateItem'],
      resources: [usage.tableArn],
      conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['events'] } },
    }),
  );
};

/** Whoever may refuse somebody writes that down; what is written is read by one, and changed by nobody. */
export const grantAuditing = (
  writers: readonly NodeFunction[],
  reader: NodeFunction,
  { tableArn }: Table,
  key: ISecret,
): void => {
  for (const fn of writers) {
    fn.function.addToRolePolicy(
      new PolicyStatement({ actions: ['dynamodb:GetItem', 'dynamodb:PutItem'], resources: [tableArn] }),
    );
    grantReading(fn, [key.secretArn]);
  }
  const resources = [tableArn, `${tableArn}/index/time-index`];
  reader.function.addToRolePolicy(new PolicyStatement({ actions: ['dynamodb:Query'], resources }));
  // What was put in beside the chains is found by looking everywhere.
  reader.function.addToRolePolicy(new PolicyStatement({ actions: ['dynamodb:Scan'], resources: [tableArn] }));
};

/** Secrets Manager calls the function, which reads and stages versions of these secrets and no others. */
export const grantRotation = (fn: NodeFunction, secrets: readonly ISecret[]): void => {
  fn.function.addToRolePolicy(
    new PolicyStatement({
      actions: [
        'secretsmanager:DescribeSecret',
        'secretsmanager:GetSecretValue',
        'secretsmanager:PutSecretValue',
        'secretsmanager:UpdateSecretVersionStage',
      ],
      resources: secrets.map(({ secretArn }) => secretArn),
    }),
  );
  fn.live.addPermission('SecretsManager', {
    principal: new ServicePrincipal('secretsmanager.amazonaws.com'),
    sourceAccount: Stack.of(fn).account,
  });
};

/** CloudWatch knows no ARNs of metrics. */
export const grantMetrics = (fn: NodeFunction): void => {
  fn.function.addToRolePolicy(
    new PolicyStatement({ actions: ['cloudwatch:GetMetricData'], resources: ['*'] }),
  );
};

/** Models of Bedrock are named when they are registered; a profile may lead to other regions. */
export const grantBedrock = (fn: NodeFunction): void => {
  const { partition, account } = Stack.of(fn);
  const resources = [
    `arn:${partition}:bedrock:*::foundation-model/*`,
    `arn:${partition}:bedrock:*:${account}:inference-profile/*`,
    `arn:${partition}:bedrock:*:${account}:application-inference-profile/*`,
  ];
  const actions = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'];
  fn.function.addToRolePolicy(new PolicyStatement({ actions, resources }));
};

/** Providers' keys are named when a model is registered, so it is their prefix that is granted. */
export const grantProviderKeys = (
  data: DataStack,
  { readers, writer }: { readers: readonly NodeFunction[]; writer: NodeFunction },
): void => {
  const providerKeys = Stack.of(data).formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${data.secretsPrefix}/adapters/*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  for (const fn of readers) grantReading(fn, [providerKeys]);
  writer.function.addToRolePolicy(
    new PolicyStatement({
      actions: [
        'secretsmanager:CreateSecret',
        'secretsmanager:PutSecretValue',
        'secretsmanager:DeleteSecret',
      ],
      resources: [providerKeys],
    }),
  );
};
