import type { RotatingSecrets } from '../../ports/rotating-secrets.ts';
import { orNone, type SecretsClient } from './secrets-client.ts';

export class RotatingSecretsManager implements RotatingSecrets {
  readonly #client: SecretsClient;

  constructor(client: SecretsClient) {
    this.#client = client;
  }

  async stages(SecretId: string): Promise<ReadonlyMap<string, readonly string[]>> {
    const described = await orNone(this.#client.call('DescribeSecret', { SecretId }));
    const versions = Object.entries(described?.VersionIdsToStages ?? {});
    return new Map(versions.map(([version, stages]) => [version, [...stages].sort()]));
  }

  async read(
    SecretId: string,
    { stage, version }: { stage: 'AWSCURRENT' | 'AWSPENDING'; version?: string },
  ): Promise<string | undefined> {
    const named = version === undefined ? {} : { VersionId: version };
    const input = { SecretId, VersionStage: stage, ...named };
    return (await orNone(this.#client.call('GetSecretValue', input)))?.SecretString;
  }

  async stage(SecretId: string, version: string, value: string): Promise<void> {
    await this.#client.call('PutSecretValue', {
      SecretId,
      ClientRequestToken: version,
      SecretString: value,
      VersionStages: ['AWSPENDING'],
    });
  }

  async promote(SecretId: string, version: string, from: string): Promise<void> {
    await this.#client.call('UpdateSecretVersionStage', {
      SecretId,
      VersionStage: 'AWSCURRENT',
      MoveToVersionId: version,
      RemoveFromVersionId: from,
    });
  }
}
