/** Secrets Manager over the signed client: the operations that the functions ask for, each of which may be repeated. */
import type { Clock, Random } from '../../ports/runtime.ts';
import { AwsClient, type AwsConnection } from '../aws/aws-client.ts';
import { AwsError } from '../aws/aws-error.ts';

type Stage = 'AWSCURRENT' | 'AWSPENDING';

export interface Operations {
  GetSecretValue: [{ SecretId: string; VersionStage?: Stage; VersionId?: string }, { SecretString?: string }];
  DescribeSecret: [{ SecretId: string }, { VersionIdsToStages?: Record<string, string[]> }];
  CreateSecret: [{ Name: string; SecretString: string }, object];
  PutSecretValue: [
    { SecretId: string; SecretString: string; ClientRequestToken?: string; VersionStages?: Stage[] },
    object,
  ];
  DeleteSecret: [{ SecretId: string; ForceDeleteWithoutRecovery: true }, object];
  UpdateSecretVersionStage: [
    { SecretId: string; VersionStage: Stage; MoveToVersionId: string; RemoveFromVersionId: string },
    object,
  ];
}

export interface SecretsClient {
  /** Throws AwsError. */
  call<Name extends keyof Operations>(
    operation: Name,
    input: Operations[Name][0],
  ): Promise<Operations[Name][1]>;
}

export interface SecretsClientOptions extends AwsConnection {
  clock: Clock;
  random: Random;
}

/** Both tries together bound how long a caller waits for a secret. */
const TIMEOUT_MS = 1_500;
const ATTEMPTS = 2;
const TOKEN_BYTES = 16;

/** They make a version: its id is the caller's to choose, so that a repeat makes no second one. */
const MAKING = new Set<string>(['CreateSecret', 'PutSecretValue']);

export const makeSecretsClient = (
  options: SecretsClientOptions,
): SecretsClient & { close(): Promise<void> } => {
  const client = new AwsClient({
    ...options,
    service: 'secretsmanager',
    timeoutMs: TIMEOUT_MS,
    attempts: ATTEMPTS,
  });
  const versionId = (): string => Buffer.from(options.random.bytes(TOKEN_BYTES)).toString('hex');
  return {
    call: async (operation, input) => {
      const named = MAKING.has(operation) ? { ClientRequestToken: versionId(), ...input } : input;
      const { body } = await client.send({
        path: '/',
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': `secretsmanager.${operation}`,
        },
        body: JSON.stringify(named),
      });
      return JSON.parse(body) as Operations[typeof operation][1];
    },
    close: () => client.close(),
  };
};

const isNamed = (error: unknown, name: string): boolean => error instanceof AwsError && error.name === name;

export const isThere = (error: unknown): boolean => isNamed(error, 'ResourceExistsException');
export const isMissing = (error: unknown): boolean => isNamed(error, 'ResourceNotFoundException');

/** Undefined where there is no such secret, or no such version of it. */
export const orNone = async <Reply>(call: Promise<Reply>): Promise<Reply | undefined> => {
  try {
    return await call;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};
