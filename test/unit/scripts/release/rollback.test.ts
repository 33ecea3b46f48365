import { describe, expect, it } from 'vitest';
import type { StackState } from '../../../../scripts/release/cloud.ts';
import { type DeployedTemplate, pinTemplate } from '../../../../scripts/release/pin-template.ts';
import {
  type FunctionState,
  planRollback,
  staleVersions,
} from '../../../../scripts/release/plan-rollback.ts';
import { rollBack } from '../../../../scripts/release/rollback.ts';

const DEPLOYED_AT = 1_000;
const state = (name: string, live: number, ...versions: [version: number, at: number][]): FunctionState => ({
  name,
  live,
  versions: versions.map(([version, at]) => ({ version, at })),
});
const changed = state('atp-prod-completions', 7, [5, 10], [6, 500], [7, 1_020]);
const untouched = state('atp-prod-status', 3, [2, 10], [3, 500]);

describe('a plan', () => {
  it('takes back what the last deployment changed, and nothing else', () => {
    expect(planRollback([changed, untouched], DEPLOYED_AT)).toEqual([
      { name: 'atp-prod-completions', from: 7, to: 6 },
    ]);
  });

  it('leaves a function alone that the deployment made', () => {
    expect(planRollback([state('new', 1, [1, 1_020])], DEPLOYED_AT)).toEqual([]);
  });

  it('goes back no further than there are versions', () => {
    expect(() => planRollback([state('f', 7, [7, 1_020])], DEPLOYED_AT)).toThrow('f has no version before 7');
  });

  it('takes away old versions, never what is live, before it, or newer', () => {
    expect(staleVersions(state('f', 6, [2, 0], [3, 0], [4, 0], [5, 0], [6, 0], [7, 0]), 2)).toEqual([3, 2]);
  });
});

const template = (): DeployedTemplate => ({
  Resources: {
    Completions: {
      Type: 'AWS::Lambda::Function',
      Properties: { FunctionName: 'atp-prod-completions' },
    },
    CompletionsLive: {
      Type: 'AWS::Lambda::Alias',
      Properties: {
        Name: 'live',
        FunctionName: { Ref: 'Completions' },
        FunctionVersion: { 'Fn::GetAtt': ['CompletionsVersionA', 'Version'] },
      },
      UpdatePolicy: { CodeDeployLambdaAliasUpdate: {} },
    },
    Status: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'atp-prod-status' } },
    StatusLive: {
      Type: 'AWS::Lambda::Alias',
      Properties: { Name: 'live', FunctionName: { Ref: 'Status' }, FunctionVersion: '3' },
      UpdatePolicy: { CodeDeployLambdaAliasUpdate: {} },
    },
  },
});

describe('a pinned template', () => {
  it('leads the alias to the version at once, and leaves all else as it is', () => {
    const before = template();

    const { Resources } = pinTemplate(before, [{ name: 'atp-prod-completions', from: 7, to: 6 }]);

    expect(Resources.CompletionsLive).toEqual({
      Type: 'AWS::Lambda::Alias',
      Properties: { Name: 'live', FunctionName: { Ref: 'Completions' }, FunctionVersion: '6' },
    });
    expect(Resources.StatusLive).toEqual(before.Resources.StatusLive);
    expect(before).toEqual(template());
  });

  it('is none where the stack has no such alias', () => {
    expect(() => pinTemplate(template(), [{ name: 'atp-prod-mcp', from: 2, to: 1 }])).toThrow(
      'the stack has no alias of atp-prod-mcp',
    );
  });
});

const rolling = (status: string, functions: readonly FunctionState[] = [changed, untouched]) => {
  const said: string[] = [];
  const updates: DeployedTemplate[] = [];
  let cancelled = 0;
  const stack: StackState = { status, updatedAt: DEPLOYED_AT };
  return {
    said,
    updates,
    cancels: () => cancelled,
    run: (isTrial = false) =>
      rollBack(
        {
          cloud: {
            stack: async () => stack,
            cancelUpdate: async () => {
              cancelled += 1;
            },
            template: async () => template(),
            functions: async () => [...functions],
          },
          update: async (_, updated) => {
            updates.push(updated);
          },
          say: (line) => said.push(line),
        },
        'prod',
        { isTrial },
      ),
  };
};

describe('a rollback', () => {
  it('leads functions back through CloudFormation, so that the next deployment begins there', async () => {
    const rollback = rolling('UPDATE_COMPLETE');

    expect(await rollback.run()).toBe('moved');

    expect(rollback.said).toEqual(['atp-prod-completions: version 7 -> 6']);
    expect(rollback.updates[0]?.Resources.CompletionsLive?.Properties?.FunctionVersion).toBe('6');
  });

  it('stops a deployment that is under way', async () => {
    const rollback = rolling('UPDATE_IN_PROGRESS');

    expect(await rollback.run()).toBe('cancelled');
    expect(rollback.cancels()).toBe(1);
    expect(rollback.updates).toEqual([]);
  });

  it.each(['UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE'])('changes nothing on trial (%s)', async (status) => {
    const rollback = rolling(status);

    await rollback.run(true);

    expect(rollback.said).toHaveLength(1);
    expect([rollback.cancels(), rollback.updates.length]).toEqual([0, 0]);
  });

  it.each([
    ['UPDATE_ROLLBACK_COMPLETE', [changed]],
    ['UPDATE_COMPLETE', [untouched]],
  ])('has nothing to do after %s', async (status, functions) => {
    const rollback = rolling(status, functions);

    expect(await rollback.run()).toBe('nothing');
    expect(rollback.updates).toEqual([]);
  });

  it('waits for nobody: a stack in between is an error', async () => {
    await expect(rolling('UPDATE_ROLLBACK_IN_PROGRESS').run()).rejects.toThrow(
      'is UPDATE_ROLLBACK_IN_PROGRESS',
    );
  });
});
