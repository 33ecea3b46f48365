/**
 * Leaves out of an emulated stage what the emulator cannot do: this list is all of it. The templates for AWS are held to
 * account by test/infra.
 */
import { type IAspect, Stack } from 'aws-cdk-lib';
import { CfnMethod } from 'aws-cdk-lib/aws-apigateway';
import { CfnAlarm, CfnCompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnApplication, CfnDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { CfnAlias, CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import type { IConstruct } from 'constructs';

interface Omission {
  what: string;
  reason: string;
  apply(node: IConstruct): void;
}

const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/** A method that streams becomes one that does not: it calls the function by the other of the Invoke API's paths. */
const buffer = (method: CfnMethod): void => {
  const integration: unknown = Stack.of(method).resolve(method.integration);
  const text = JSON.stringify(integration ?? {});
  if (!text.includes('"STREAM"')) return;
  const { responseTransferMode: _, ...buffered } = JSON.parse(
    text
      .replace('path/2021-11-15/', 'path/2015-03-31/')
      .replace('/response-streaming-invocations', '/invocations'),
  ) as CfnMethod.IntegrationProperty;
  method.integration = buffered;
};

export const OMISSIONS: readonly Omission[] = [
  {
    what: 'response streaming',
    reason: 'a streaming integration answers 500 there; the test harness collects the stream into one reply',
    apply: (node) => {
      if (node instanceof CfnMethod) buffer(node);
    },
  },
  {
    what: 'alarms on metric maths',
    reason: 'they are refused, and their stack with them',
    apply: (node) => {
      if (node instanceof CfnAlarm && node.metrics !== undefined)
        node.node.scope?.node.tryRemoveChild(node.node.id);
    },
  },
  {
    what: 'alarms on other alarms',
    reason: 'they are refused, and their stack with them',
    apply: (node) => {
      if (node instanceof CfnCompositeAlarm) node.node.scope?.node.tryRemoveChild(node.node.id);
    },
  },
  {
    what: 'the web ACL',
    reason: 'its association and its logging are refused, and their stack with them',
    apply: (node) => {
      if (
        node instanceof CfnWebACL ||
        node instanceof CfnWebACLAssociation ||
        node instanceof CfnLoggingConfiguration
      )
        node.node.scope?.node.tryRemoveChild(node.node.id);
    },
  },
  {
    what: 'shifting traffic',
    reason: 'it has no CodeDeploy: an alias moves at once, and the hook is run by the tests',
    apply: (node) => {
      if (node instanceof CfnAlias) node.cfnOptions.updatePolicy = undefined as never;
      if (node instanceof CfnApplication || node instanceof CfnDeploymentGroup)
        node.node.scope?.node.tryRemoveChild(node.node.id);
    },
  },
  {
    what: 'traces',
    reason: 'no X-Ray daemon listens there',
    apply: (node) => {
      if (node instanceof CfnFunction)
        node.addPropertyDeletionOverride('Environment.Variables.POWERTOOLS_TRACE_ENABLED');
    },
  },
  {
    what: 'generated secrets without punctuation',
    reason: 'ExcludePunctuation is ignored there, but each character may be named',
    apply: (node) => {
      if (node instanceof CfnSecret)
        node.addPropertyOverride('GenerateSecretString.ExcludeCharacters', PUNCTUATION);
    },
  },
];

export class DropUnsupported implements IAspect {
  visit(node: IConstruct): void {
    for (const { apply } of OMISSIONS) apply(node);
  }
}
