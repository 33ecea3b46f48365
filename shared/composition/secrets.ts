/** The secrets of the stage, read the same way by each function. */
import type { AwsConnection } from '../adapters/aws/aws-client.ts';
import { makeSecretsClient } from '../adapters/secrets/secrets-client.ts';
import { SecretsManagerStore } from '../adapters/secrets/secrets-manager.ts';
import type { Clock, Random } from '../ports/runtime.ts';
import type { SecretStore } from '../ports/secret-store.ts';

export interface SecretsDeps {
  /** Where Secrets Manager is. */
  connection: AwsConnection;
  env: { SECRETS_PREFIX: string };
  clock: Clock;
  random: Random;
}

export const composeSecrets = ({ connection, env, clock, random }: SecretsDeps): SecretStore =>
  new SecretsManagerStore(makeSecretsClient({ ...connection, clock, random }), env.SECRETS_PREFIX, clock);
