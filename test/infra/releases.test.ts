/** How traffic moves to a new version, and who may stop it. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { pinnedStack } from '../../infra/rollback/pinned-stack.ts';
import { type DeployedTemplate, pinTemplate } from '../../scripts/release/pin-template.ts';
import { PROBES } from '../../shared/services/release/probes.ts';
import {
  idOf,
  NODE_FUNCTIONS,
  type Resource,
  RUST_FUNCTIONS,
  resourcesOf,
  synthesize,
} from './synthesize.ts';

const stages = { dev: synthesize('dev'), staging: synthesize('staging'), prod: synthesize('prod') };
const { gateway } = stages.prod;
const WATCHERS = ['verify-release', 'canary'];
const RELEASED = [...NODE_FUNCTIONS, 'publish-events', ...RUST_FUNCTIONS].filter(
  (name) => !WATCHERS.includes(name),
);

/** What a resource depends on has no order. */
const inOrder = (template: DeployedTemplate): DeployedTemplate =>
  JSON.parse(
    JSON.stringify(template, (key, value: unknown) =>
      key === 'DependsOn' && Array.isArray(value) ? [...value].sort() : value,
    ),
  ) as DeployedTemplate;

describe('a release', () => {
  test.each([
    ['dev', 'CodeDeployDefault.LambdaAllAtOnce'],
    ['staging', 'CodeDeployDefault.LambdaCanary10Percent5Minutes'],
    ['prod', 'CodeDeployDefault.LambdaLinear10PercentEvery2Minutes'],
  ] as const)('of %s shifts by %s', (stage, config) => {
    const groups = resourcesOf([stages[stage].gateway], 'AWS::CodeDeploy::DeploymentGroup');

    expect(groups).toHaveLength(RELEASED.length);
    for (const [, { Properties }] of groups) expect(Properties.DeploymentConfigName).toBe(config);
  });

  test.each(RELEASED)('moves the alias of %s only after verify-release has asked the new version', (name) => {
    const aliases = gateway.findResources('AWS::Lambda::Alias') as Record<
      string,
      { UpdatePolicy?: { CodeDeployLambdaAliasUpdate: Record<string, unknown> } }
    >;
    const [, alias] = Object.entries(aliases).find(([id]) => new RegExp(`^${idOf(name)}Live`).test(id)) ?? [];

    expect(JSON.stringify(alias?.UpdatePolicy?.CodeDeployLambdaAliasUpdate.BeforeAllowTrafficHook)).toContain(
      'VerifyReleaseFunction',
    );
    expect(alias?.UpdatePolicy?.CodeDeployLambdaAliasUpdate).toMatchObject({
      DeploymentGroupName: { Ref: expect.stringMatching(new RegExp(`^Releases${idOf(name)}`)) },
    });
  });

  test('rolls back by itself when it fails, is stopped, or an alarm of its own goes off', () => {
    for (const [, { Properties }] of resourcesOf([gateway], 'AWS::CodeDeploy::DeploymentGroup')) {
      expect(Properties.AutoRollbackConfiguration).toEqual({
        Enabled: true,
        Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST', 'DEPLOYMENT_STOP_ON_ALARM'],
      });
      const { Enabled, Alarms } = Properties.AlarmConfiguration as { Enabled: boolean; Alarms: unknown[] };
      expect([Enabled, Alarms.length]).toEqual([true, 2]);
    }
  });

  test.each(RELEASED)('is watched by the errors of the alias of %s, minute by minute', (name) => {
    gateway.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: `atp-prod-release-${name}`,
      MetricName: 'Errors',
      Period: 60,
      Threshold: 0,
      Dimensions: Match.arrayWith([Match.objectLike({ Name: 'Resource' })]),
    });
  });

  test('keeps the versions before it, for a rollback to go to', () => {
    const versions = gateway.findResources('AWS::Lambda::Version') as Record<
      string,
      { DeletionPolicy: string }
    >;

    expect(Object.keys(versions)).toHaveLength(RELEASED.length + WATCHERS.length);
    for (const { DeletionPolicy } of Object.values(versions)) expect(DeletionPolicy).toBe('Retain');
  });

  test('has something to ask of every function there is', () => {
    const optional = ['export-audit', 'find-names'];

    expect(Object.keys(PROBES).sort()).toEqual([...RELEASED, ...optional].sort());
  });

  test('lets verify-release call versions and tell CodeDeploy, and nothing else', () => {
    const policies = gateway.findResources('AWS::IAM::Policy');
    const [, own] = Object.entries(policies).find(([id]) => id.startsWith('VerifyReleaseRole')) ?? [];
    const { PolicyDocument } = (own as unknown as Resource).Properties as {
      PolicyDocument: { Statement: { Action: string | string[]; Resource: unknown }[] };
    };
    const statements = PolicyDocument.Statement;
    const resourceOf = (action: string): unknown =>
      statements.find(({ Action }) => [Action].flat().includes(action))?.Resource;

    expect([...new Set(statements.flatMap(({ Action }) => Action))].sort()).toEqual([
      'codedeploy:BatchGetDeploymentTargets',
      'codedeploy:ListDeploymentTargets',
      'codedeploy:PutLifecycleEventHookExecutionStatus',
      'lambda:InvokeFunction',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'secretsmanager:GetSecretValue',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
    // IAM takes no other resource for reading a deployment's targets.
    expect(resourceOf('codedeploy:ListDeploymentTargets')).toBe('*');
    expect(resourceOf('codedeploy:BatchGetDeploymentTargets')).toBe('*');
    expect(JSON.stringify(resourceOf('codedeploy:PutLifecycleEventHookExecutionStatus'))).toContain(
      ':deploymentgroup:atp-prod/*',
    );
  });
});

describe('a rollback', () => {
  test('deploys the template as it was, but for the aliases that it moves', () => {
    const deployed = gateway.toJSON() as DeployedTemplate;
    const pinned = pinTemplate(deployed, [
      { name: 'atp-prod-completions', from: 7, to: 6 },
      { name: 'atp-prod-select', from: 4, to: 3 },
    ]);
    const templateFile = join(mkdtempSync(join(tmpdir(), 'atp-pinned-')), 'template.json');
    writeFileSync(templateFile, JSON.stringify(pinned));

    const app = new App({ analyticsReporting: false });
    const stack = pinnedStack(app, { name: 'atp-prod-gateway', templateFile, keepsData: true });
    const again = inOrder(Template.fromStack(stack).toJSON() as DeployedTemplate);

    expect(again).toEqual(inOrder(pinned));
    const moved = Object.entries(again.Resources)
      .filter(([id, resource]) => !isDeepStrictEqual(resource, inOrder(deployed).Resources[id]))
      .map(([id]) => id.replace(/[0-9A-F]{8}$/, ''));
    expect(moved.sort()).toEqual(['CompletionsLive', 'SelectLive']);
  });
});

describe('the canary', () => {
  test('asks every five minutes through the public address', () => {
    gateway.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(5 minutes)',
      State: 'ENABLED',
      Targets: [Match.objectLike({ Arn: { Ref: Match.stringLikeRegexp('^CanaryLive') } })],
    });
    gateway.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'atp-prod-canary',
      Environment: { Variables: Match.objectLike({ API_URL: Match.anyValue() }) },
    });
  });

  test('may read its own key, and no other secret', () => {
    const policies = gateway.findResources('AWS::IAM::Policy');
    const [, own] = Object.entries(policies).find(([id]) => id.startsWith('CanaryRole')) ?? [];

    const text = JSON.stringify(own);
    expect(text).toContain('CanaryKey');
    expect(text).not.toMatch(/AdminKey|Pepper|adapters/);
  });

  test('wakes somebody when it fails twice, or does not run', () => {
    stages.prod.observability.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'atp-prod-canary-failed',
      Namespace: 'AtpRouter',
      MetricName: 'CanaryFailed',
      TreatMissingData: 'breaching',
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
    });
  });
});
