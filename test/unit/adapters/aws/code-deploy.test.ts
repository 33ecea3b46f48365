import { describe, expect, it } from 'vitest';
import { CodeDeploy } from '../../../../shared/adapters/aws/code-deploy.ts';
import { makeVersionInvoker } from '../../../../shared/adapters/lambda/version-invoker.ts';
import { servedClients } from '../../../support/fakes/aws-server.ts';

const served = servedClients();
const target = (functionName: string, targetVersion: string) => ({
  deploymentTargetType: 'LambdaFunction',
  lambdaTarget: {
    lambdaFunctionInfo: { functionName, functionAlias: 'live', currentVersion: '6', targetVersion },
  },
});

describe('CodeDeploy', () => {
  it('says which versions a deployment is about', async () => {
    served.server.answer = ({ headers }) =>
      headers['x-amz-target'] === 'CodeDeploy_20141006.ListDeploymentTargets'
        ? { body: JSON.stringify({ targetIds: ['atp-prod-status:live'] }) }
        : { body: JSON.stringify({ deploymentTargets: [target('atp-prod-status', '7')] }) };

    const versions = await served.closing(new CodeDeploy(served.connected())).versionsOf('d-1');

    expect(versions).toEqual([{ functionName: 'atp-prod-status', version: '7' }]);
    expect(served.server.calls.map(({ body }) => JSON.parse(body))).toEqual([
      { deploymentId: 'd-1' },
      { deploymentId: 'd-1', targetIds: ['atp-prod-status:live'] },
    ]);
    expect(served.server.calls[0]?.headers.authorization).toContain('/codedeploy/aws4_request');
  });

  it('is told the verdict', async () => {
    await served.closing(new CodeDeploy(served.connected())).report('d-1', 'hook-1', 'Failed');

    expect(served.server.calls).toMatchObject([
      { headers: { 'x-amz-target': 'CodeDeploy_20141006.PutLifecycleEventHookExecutionStatus' } },
    ]);
    expect(JSON.parse(served.server.calls[0]?.body ?? '')).toEqual({
      deploymentId: 'd-1',
      lifecycleEventHookExecutionId: 'hook-1',
      status: 'Failed',
    });
  });

  it('refuses an answer of another shape', async () => {
    served.server.answer = () => ({ body: '{"targetIds":"none"}' });

    await expect(served.closing(new CodeDeploy(served.connected())).versionsOf('d-1')).rejects.toThrow();
  });
});

describe('a version', () => {
  it('is called by its number, and its failure is an answer', async () => {
    served.server.answer = () => ({
      headers: { 'x-amz-function-error': 'Unhandled' },
      body: '{"errorType":"TypeError"}',
    });
    const invoker = served.closing(makeVersionInvoker(served.connected()));

    const reply = await invoker.invoke({ functionName: 'atp-prod-status', version: '7' }, '{}');

    expect(reply).toEqual({ failed: true, text: '{"errorType":"TypeError"}' });
    expect(served.server.calls[0]?.path).toBe('/2015-03-31/functions/atp-prod-status%3A7/invocations');
  });
});
