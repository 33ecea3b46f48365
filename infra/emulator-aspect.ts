/**
 * Leaves out of an emulated stage what the emulator cannot do: this list is all of it. The templates for AWS are held to
 * account by test/infra.
 */
import { CfnResource, type IAspect } from 'aws-cdk-lib';
import { CfnMethod } from 'aws-cdk-lib/aws-apigateway';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';

interface Omission {
  what: string;
  reason: string;
  apply(node: IConstruct): void;
}

const drop = (node: IConstruct): void => {
  node.node.scope?.node.tryRemoveChild(node.node.id);
};

export const OMISSIONS: readonly Omission[] = [
  {
    what: 'response streaming of methods',
    reason: 'a streaming integration answers 500 there; the test harness collects the stream into one reply',
    apply: (node) => {
      if (node instanceof CfnMethod) node.addPropertyDeletionOverride('Integration.ResponseTransferMode');
    },
  },
  {
    what: 'alarms on metric maths',
    reason: 'they are refused, and their stack with them',
    apply: (node) => {
      if (node instanceof CfnAlarm && node.metrics !== undefined) drop(node);
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
];

export class DropUnsupported implements IAspect {
  visit(node: IConstruct): void {
    for (const { apply } of OMISSIONS) apply(node);
  }
}
