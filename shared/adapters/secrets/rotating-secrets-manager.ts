import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import type { RotatingSecrets } from '../../ports/rotating-secrets.ts';

export class RotatingSecretsManager implements RotatingSecrets {
  readonly #client: SecretsManagerClient;

  constructor(client: SecretsManagerClient) {
    this.#client = client;
  }

  async stages(SecretId: string): Promise<ReadonlyMap<string, readonly string[]>> {
    const described = await orNone(this.#client.send(new DescribeSecretCommand({ SecretId })));
    const versions = Object.entries(described?.VersionIdsToStages ?? {});
    return new Map(versions.map(([version, stages]) => [version, [...stages].sort()]));
  }

  async read(
    SecretId: string,
    { stage, version }: { stage: 'AWSCURRENT' | 'AWSPENDING'; version?: string },
  ): Promise<string | undefined> {
    const named = version === undefined ? {} : { VersionId: version };
    const command = new GetSecretValueCommand({ SecretId, VersionStage: stage, ...named });
    return (await orNone(this.#client.send(command)))?.SecretString;
  }

  async stage(SecretId: string, version: string, value: string): Promise<void> {
    await this.#client.send(
      new PutSecretValueCommand({
        SecretId,
        ClientRequestToken: version,
        SecretString: value,
        VersionStages: ['AWSPENDING'],
      }),
    );
  }

  async promote(SecretId: string, version: string, from: string): Promise<void> {
    await this.#client.send(
      new UpdateSecretVersionStageCommand({
        SecretId,
        VersionStage: 'AWSCURRENT',
        MoveToVersionId: version,
        RemoveFromVersionId: from,
      }),
    );
  }
}

const orNone = async <Reply>(call: Promise<Reply>): Promise<Reply | undefined> => {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
};
