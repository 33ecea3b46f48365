/** Secrets Manager with its versions and stages, as its client sees it. */
import { AwsError } from '../../../shared/adapters/aws/aws-error.ts';
import type { MemoryRotatingSecrets } from '../../../shared/adapters/memory/rotating-secrets.ts';
import type { SecretsClient } from '../../../shared/adapters/secrets/secrets-client.ts';
import { scriptedCalls } from './clients.ts';

interface Input {
  SecretId: string;
  ClientRequestToken: string;
  SecretString: string;
  VersionStage: 'AWSCURRENT' | 'AWSPENDING';
  VersionId?: string;
  MoveToVersionId: string;
  RemoveFromVersionId: string;
}

const missing = (): AwsError => new AwsError('ResourceNotFoundException', 400);

export const versionedClient = (store: MemoryRotatingSecrets): SecretsClient =>
  scriptedCalls<SecretsClient>(async (name, input) => {
    const { SecretId, VersionId, VersionStage, ...given } = input as unknown as Input;
    if (!store.secrets.has(SecretId)) throw missing();
    switch (name) {
      case 'DescribeSecret':
        return { VersionIdsToStages: Object.fromEntries(await store.stages(SecretId)) };
      case 'GetSecretValue': {
        const named = VersionId === undefined ? {} : { version: VersionId };
        const SecretString = await store.read(SecretId, { stage: VersionStage, ...named });
        if (SecretString === undefined) throw missing();
        return { SecretString };
      }
      case 'PutSecretValue':
        await store.stage(SecretId, given.ClientRequestToken, given.SecretString);
        return {};
      default:
        await store.promote(SecretId, given.MoveToVersionId, given.RemoveFromVersionId);
        return {};
    }
  });
