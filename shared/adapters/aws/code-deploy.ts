/** CodeDeploy as a hook sees it: which versions the deployment is about, and the hook's verdict. */
import * as z from 'zod';
import type { Deployments } from '../../ports/release.ts';
import type { Clock, Random } from '../../ports/runtime.ts';
import { AwsClient, type AwsConnection } from './aws-client.ts';

const API = 'CodeDeploy_20141006';
const TIMEOUT_MS = 5_000;
const ATTEMPTS = 4;

const listed = z.object({ targetIds: z.array(z.string()) });
const found = z.object({
  deploymentTargets: z.array(
    z.object({
      lambdaTarget: z.object({
        lambdaFunctionInfo: z.object({ functionName: z.string(), targetVersion: z.string() }),
      }),
    }),
  ),
});

export class CodeDeploy implements Deployments {
  readonly #client: AwsClient;

  constructor(options: AwsConnection & { clock: Clock; random: Random }) {
    this.#client = new AwsClient({
      ...options,
      timeoutMs: TIMEOUT_MS,
      attempts: ATTEMPTS,
      service: 'codedeploy',
    });
  }

  async versionsOf(deploymentId: string) {
    const { targetIds } = listed.parse(await this.#call('ListDeploymentTargets', { deploymentId }));
    const { deploymentTargets } = found.parse(
      await this.#call('BatchGetDeploymentTargets', { deploymentId, targetIds }),
    );
    return deploymentTargets.map(({ lambdaTarget: { lambdaFunctionInfo: of } }) => ({
      functionName: of.functionName,
      version: of.targetVersion,
    }));
  }

  async report(deploymentId: string, lifecycleEventHookExecutionId: string, status: string): Promise<void> {
    await this.#call('PutLifecycleEventHookExecutionStatus', {
      deploymentId,
      lifecycleEventHookExecutionId,
      status,
    });
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async #call(operation: string, input: object): Promise<unknown> {
    const { body } = await this.#client.send({
      path: '/',
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `${API}.${operation}` },
      body: JSON.stringify(input),
    });
    return JSON.parse(body === '' ? '{}' : body);
  }
}
