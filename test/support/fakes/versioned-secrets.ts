/** Secrets Manager with its versions and stages, as its client sees it. */
import { ResourceNotFoundException, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { MemoryRotatingSecrets } from '../../../shared/adapters/memory/rotating-secrets.ts';
import { scriptedClient } from './clients.ts';

interface Input {
  SecretId: string;
  ClientRequestToken: string;
  SecretString: string;
  VersionStage: 'AWSCURRENT' | 'AWSPENDING';
  VersionId?: string;
  MoveToVersionId: string;
  RemoveFromVersionId: string;
}

export const versionedClient = (store: MemoryRotatingSecrets): SecretsManagerClient =>
  scriptedClient<SecretsManagerClient>(async ({ name, input }) => {
    const { SecretId, VersionId, VersionStage, ...given } = input as unknown as Input;
    if (!store.secrets.has(SecretId)) throw new ResourceNotFoundException({ message: 'no', $metadata: {} });
    switch (name) {
      case 'DescribeSecret':
        return { VersionIdsToStages: Object.fromEntries(await store.stages(SecretId)) };
      case 'GetSecretValue': {
        const named = VersionId === undefined ? {} : { version: VersionId };
        const SecretString = await store.read(SecretId, { stage: VersionStage, ...named });
        if (SecretString === undefined) throw new ResourceNotFoundException({ message: 'no', $metadata: {} });
        return { SecretString };
      }
      case 'PutSecretValue':
        await store.stage(SecretId, given.ClientRequestToken, given.SecretString);
        return {};
      default:
        await store.promote(SecretId, given.MoveToVersionId, given.RemoveFromVersionId);
        return {};
    }
  }).client;
