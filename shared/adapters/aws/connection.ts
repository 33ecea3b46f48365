/** Where a service is and how to sign for it, from what Lambda sets. */
import type { AwsEnvironment } from '../../config/env.ts';
import type { Clock } from '../../ports/runtime.ts';
import type { SettlementJournal } from '../../ports/settlement-journal.ts';
import { host } from '../runtime/host.ts';
import type { AwsConnection } from './aws-client.ts';
import { type CredentialSource, credentialsFrom } from './credentials.ts';

/** The tables', and the journal that stands before some of them. */
export interface StoreConnection extends AwsConnection {
  journal?: SettlementJournal;
}

/** For one function: its connections share one source of credentials. */
export const connections = (
  env: AwsEnvironment,
  clock: Clock,
): Record<'secrets' | 'lambda' | 'codedeploy' | 'monitoring', AwsConnection> & {
  dynamodb: StoreConnection;
  account: Omit<AwsConnection, 'endpoint'>;
} => {
  const credentials = credentialsFrom(env, () => clock.now());
  const { journal } = host();
  return {
    /** For services whose endpoint is part of an address. */
    account: { region: env.AWS_REGION, credentials },
    dynamodb: {
      ...connection(env, 'dynamodb', env.AWS_ENDPOINT_URL_DYNAMODB, credentials),
      ...(journal === undefined ? {} : { journal }),
    },
    secrets: connection(env, 'secretsmanager', env.AWS_ENDPOINT_URL_SECRETS_MANAGER, credentials),
    monitoring: connection(env, 'monitoring', undefined, credentials),
    lambda: connection(env, 'lambda', env.AWS_ENDPOINT_URL_LAMBDA, credentials),
    codedeploy: connection(env, 'codedeploy', undefined, credentials),
  };
};

const connection = (
  env: AwsEnvironment,
  service: string,
  own: string | undefined,
  credentials: CredentialSource,
): AwsConnection => {
  const region = env.AWS_REGION;
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const endpoint = own ?? env.AWS_ENDPOINT_URL ?? `https://${service}.${region}.${domain}`;
  return { region, endpoint, credentials };
};
