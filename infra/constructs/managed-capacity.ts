/** Where managed instances run: a VPC with two ways out, endpoints for AWS and a NAT for providers, and its capacity provider. */
import { RemovalPolicy } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, CapacityProvider, type CfnVersion } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { StageOptions } from '../stage.ts';
import type { NodeFunction, RustFunction } from './functions.ts';
import { houseLogs } from './house-logs.ts';
import { MANAGED_GIB_A_VCPU } from './managed-functions.ts';

const CIDR = '10.60.0.0/16';
const ZONES = 2;
const HTTPS = 443;

/** What the functions call each second. @connections and providers go by the NAT: `execute-api`'s endpoint would take over the public API's name. */
const ENDPOINTS = {
  SecretsManager: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
  Queues: InterfaceVpcEndpointAwsService.SQS,
  Lambda: InterfaceVpcEndpointAwsService.LAMBDA,
  Logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
  Traces: InterfaceVpcEndpointAwsService.XRAY,
} as const;

export class ManagedCapacity extends Construct {
  readonly vpc: Vpc;
  readonly provider: CapacityProvider;

  constructor(scope: Construct, id: string, { stage }: { stage: StageOptions }) {
    super(scope, id);
    this.vpc = this.#network(stage);
    const instances = new SecurityGroup(this, 'Instances', {
      vpc: this.vpc,
      description: 'Managed instances: nobody calls them, they call providers',
      allowAllOutbound: true,
    });
    const endpoints = new SecurityGroup(this, 'Endpoints', {
      vpc: this.vpc,
      description: 'Endpoints of AWS services, for the managed instances alone',
      allowAllOutbound: false,
    });
    endpoints.addIngressRule(Peer.securityGroupId(instances.securityGroupId), Port.tcp(HTTPS));
    for (const [name, service] of Object.entries(ENDPOINTS))
      this.vpc.addInterfaceEndpoint(name, { service, securityGroups: [endpoints], open: false });
    this.provider = new CapacityProvider(this, 'Provider', {
      capacityProviderName: `atp-${stage.name}`,
      subnets: this.vpc.selectSubnets({ subnetType: SubnetType.PRIVATE_WITH_EGRESS }).subnets,
      securityGroups: [instances],
      architectures: [Architecture.X86_64],
      maxVCpuCount: stage.mostVcpus,
      logGroup: houseLogs(this, 'Logs', stage, {
        logGroupName: `/aws/lambda/capacity-provider/atp-${stage.name}`,
      }),
    });
  }

  /** Those that are not made for it stay as they are. */
  attach(functions: readonly (NodeFunction | RustFunction)[]): void {
    for (const { function: fn, managed } of functions) {
      if (managed === undefined) continue;
      this.provider.addFunction(fn, {
        perExecutionEnvironmentMaxConcurrency: managed.requestsAtOnce,
        executionEnvironmentMemoryGiBPerVCpu: MANAGED_GIB_A_VCPU,
        // Only versions are called; this one would keep environments of its own.
        publishToLatestPublished: false,
      });
      const version = fn.currentVersion.node.defaultChild as CfnVersion;
      version.functionScalingConfig = { minExecutionEnvironments: managed.fewest };
    }
  }

  #network(stage: StageOptions): Vpc {
    const logs = houseLogs(this, 'FlowLogs', stage);
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(CIDR),
      maxAzs: ZONES,
      // One for each zone where the stage keeps its data: a zone that fails then takes no other with it.
      natGateways: stage.keepData ? ZONES : 1,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [
        { name: 'Public', subnetType: SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false },
        { name: 'Private', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 },
      ],
      gatewayEndpoints: { Tables: { service: GatewayVpcEndpointAwsService.DYNAMODB } },
    });
    const role = new Role(this, 'FlowLogsRole', {
      assumedBy: new ServicePrincipal('vpc-flow-logs.amazonaws.com'),
    });
    vpc.addFlowLog('Flows', { destination: FlowLogDestination.toCloudWatchLogs(logs, role) });
    vpc.applyRemovalPolicy(RemovalPolicy.DESTROY);
    return vpc;
  }
}
