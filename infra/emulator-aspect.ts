/**
 * Leaves out of the emulator's stage what MiniStack cannot do, each with its reason. The real template is covered by
 * assertions in test/infra.
 */
import { CfnResource, type IAspect } from 'aws-cdk-lib';
import { CfnMethod } from 'aws-cdk-lib/aws-apigateway';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IConstruct } from 'constructs';

/** Types that make the emulator refuse the whole stack, or that it answers wrongly. */
export const DROPPED_TYPES: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::Account': 'the account-wide role for API logs is not known there',
  'AWS::ApiGateway::GatewayResponse': 'its errors are answered in its own shape',
};

export class DropUnsupported implements IAspect {
  visit(node: IConstruct): void {
    // A streaming integration answers 500 there; the handler's stream is collected by a shim instead.
    if (node instanceof CfnMethod) node.addPropertyDeletionOverride('Integration.ResponseTransferMode');
    // Alarms on metric maths are refused.
    if (node instanceof CfnAlarm && node.metrics !== undefined) drop(node);
    if (node instanceof CfnResource && node.cfnResourceType in DROPPED_TYPES) drop(node);
  }
}

const drop = (node: IConstruct): void => {
  node.node.scope?.node.tryRemoveChild(node.node.id);
};
