/** What functions may do beside their tables: read secrets, keep providers' keys, and call models of Bedrock. */
import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
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
