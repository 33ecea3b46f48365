/** The second way to compute: the functions that wait for providers share instances in a VPC of the stage's own. */
import { Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { MANAGED_FUNCTIONS } from '../../infra/constructs/managed-functions.ts';
import { stageOptions } from '../../infra/stage.ts';
import { ASSUMED } from '../../scripts/cost/load.ts';
import { idOf, NODE_FUNCTIONS, RUST_FUNCTIONS, resourcesOf, synthesize } from './synthesize.ts';

const managed = synthesize('prod', { compute: 'managed-instances' });
const onDemand = synthesize('prod');
const ALL = [...NODE_FUNCTIONS, ...RUST_FUNCTIONS];
const SHARED = Object.keys(MANAGED_FUNCTIONS);

const functionsOf = ({ gateway }: typeof managed) =>
  new Map(
    resourcesOf([gateway], 'AWS::Lambda::Function').map(([, { Properties }]) => [
      String(Properties.FunctionName).replace('atp-prod-', ''),
      Properties,
    ]),
  );

describe('managed instances', () => {
  test('nothing of them is there by default', () => {
    for (const type of ['AWS::Lambda::CapacityProvider', 'AWS::EC2::VPC', 'AWS::EC2::NatGateway'])
      onDemand.gateway.resourceCountIs(type, 0);
    const functions = JSON.stringify(resourcesOf([onDemand.gateway], 'AWS::Lambda::Function'));
    expect(functions).not.toContain('CapacityProviderConfig');
    expect(functions).not.toContain('RUNS_BETWEEN_REQUESTS');
  });

  test.each(SHARED)('%s is attached, with many requests an environment', (name) => {
    const [[provider] = []] = resourcesOf([managed.gateway], 'AWS::Lambda::CapacityProvider');

    expect(functionsOf(managed).get(`${name}-managed`)).toMatchObject({
      MemorySize: 2_048,
      PublishToLatestPublished: false,
      Environment: { Variables: { RUNS_BETWEEN_REQUESTS: 'true' } },
      CapacityProviderConfig: {
        LambdaManagedInstancesCapacityProviderConfig: {
          CapacityProviderArn: { 'Fn::GetAtt': [provider, 'Arn'] },
          PerExecutionEnvironmentMaxConcurrency: MANAGED_FUNCTIONS[name]?.requestsAtOnce,
          ExecutionEnvironmentMemoryGiBPerVCpu: 2,
        },
      },
    });
  });

  test.each(SHARED)('the version of %s that is called keeps its environments', (name) => {
    managed.gateway.hasResourceProperties('AWS::Lambda::Version', {
      FunctionName: { Ref: Match.stringLikeRegexp(`^${idOf(name)}Function`) },
      FunctionScalingConfig: { MinExecutionEnvironments: MANAGED_FUNCTIONS[name]?.fewest },
    });
  });

  test('the others stay on demand, as they are without it', () => {
    for (const name of ALL.filter((one) => !SHARED.includes(one))) {
      const { CapacityProviderConfig, MemorySize } = functionsOf(managed).get(name) ?? {};
      expect(CapacityProviderConfig).toBeUndefined();
      expect(MemorySize).toBe(functionsOf(onDemand).get(name)?.MemorySize);
    }
  });

  test('both ways have the same functions, with the same grants and environments, but for never being frozen', () => {
    const shape = (from: typeof managed) =>
      [...functionsOf(from)]
        .map(([name, { Environment, Handler, Runtime, Timeout }]) => ({
          name: name.replace('-managed', ''),
          variables: Object.keys((Environment as { Variables: object }).Variables).filter(
            (variable) => variable !== 'RUNS_BETWEEN_REQUESTS',
          ),
          Handler,
          Runtime,
          Timeout,
        }))
        .sort((one, other) => one.name.localeCompare(other.name));

    expect(shape(managed)).toEqual(shape(onDemand));
  });

  test('nobody reaches the instances; AWS is reached by endpoints, providers by a NAT in each zone', () => {
    const { gateway } = managed;

    gateway.resourceCountIs('AWS::EC2::NatGateway', 2);
    gateway.hasResourceProperties('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway' });
    const services = resourcesOf([gateway], 'AWS::EC2::VPCEndpoint')
      .filter(([, { Properties }]) => Properties.VpcEndpointType === 'Interface')
      .map(([, { Properties }]) => JSON.stringify(Properties.ServiceName));
    for (const service of ['secretsmanager', 'sqs', 'lambda', 'logs', 'xray'])
      expect(services.some((name) => name.includes(`.${service}"`))).toBe(true);
    // Its private name would take over the public API's, which `mcp` calls.
    expect(services.join()).not.toContain('execute-api');
    gateway.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: Match.stringLikeRegexp('^Managed instances'),
      SecurityGroupIngress: Match.absent(),
    });
    gateway.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: Match.stringLikeRegexp('^Endpoints of AWS'),
      SecurityGroupIngress: [
        Match.objectLike({ FromPort: 443, ToPort: 443, SourceSecurityGroupId: Match.anyValue() }),
      ],
    });
    gateway.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: false });
    gateway.hasResourceProperties('AWS::EC2::FlowLog', { TrafficType: 'ALL' });
  });

  test('grow no further than the stage says', () => {
    managed.gateway.hasResourceProperties('AWS::Lambda::CapacityProvider', {
      CapacityProviderScalingConfig: { MaxVCpuCount: stageOptions('prod').mostVcpus },
      InstanceRequirements: { Architectures: ['x86_64'] },
    });
  });

  test('the cost command counts the instances that always run', () => {
    const environments = Object.values(MANAGED_FUNCTIONS).reduce((sum, { fewest }) => sum + fewest, 0);

    expect(ASSUMED.fewestManaged * ASSUMED.instanceVcpus).toBe(environments);
  });

  test.each(['dev', 'prod'] as const)('%s has no finding without a reason', (stage) => {
    const { app } = synthesize(stage, { compute: 'managed-instances' });

    const { violations } = new AwsSolutionsChecks(app).validateScope(app);

    expect(
      violations.flatMap(({ ruleName, violatingResources }) =>
        violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`),
      ),
    ).toEqual([]);
  });
});

describe('the option', () => {
  test('is refused by name where it is no way to compute', () => {
    expect(() => stageOptions('dev', { compute: 'containers' })).toThrow(
      'compute must be on-demand or managed-instances',
    );
  });

  test('is refused in an emulator, which has none', () => {
    expect(() => stageOptions('dev', { compute: 'managed-instances', emulated: true })).toThrow(
      'an emulator has no managed instances',
    );
  });
});
