/** Where an audit log lies: a local runtime's data directory, whether it runs or not, or a stage on AWS. */
import { existsSync } from 'node:fs';
import { DynamoDBClient, GetItemCommand, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { readJson } from '../../local/data-dir/files.ts';
import { layout } from '../../local/data-dir/layout.ts';
import { SECRETS_PREFIX } from '../../local/environment.ts';
import type { DynamoClient } from '../../shared/adapters/dynamodb/wire.ts';
import { AUDIT_SECRET } from '../../shared/services/audit/audit-key.ts';
import { LOCAL_ACCESS, openLocalStore } from '../store/local-store.ts';

export interface Source {
  client: DynamoClient;
  table: string;
  /** The value of the secret that signs. */
  key: string;
  close(): Promise<void>;
}

/** The SDK's client, since the person's credentials may come from anywhere. It can read, and nothing else. */
const reading = (sdk: DynamoDBClient): DynamoClient => ({
  call: (async (operation: string, input: never) => {
    if (operation === 'GetItem') return sdk.send(new GetItemCommand(input));
    if (operation === 'Query') return sdk.send(new QueryCommand(input));
    if (operation === 'Scan') return sdk.send(new ScanCommand(input));
    throw new Error(`${operation} is not for reading`);
  }) as DynamoClient['call'],
});

export const openAws = async (
  stage: string,
  options: { table?: string | undefined; secret?: string | undefined },
): Promise<Source> => {
  const secrets = new SecretsManagerClient({});
  const SecretId = options.secret ?? `atp/${stage}/${AUDIT_SECRET}`;
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId }));
  secrets.destroy();
  const sdk = new DynamoDBClient({});
  return {
    client: reading(sdk),
    table: options.table ?? `atp-${stage}-audit`,
    key: SecretString ?? '',
    close: async () => sdk.destroy(),
  };
};

export const openLocal = async (path: string): Promise<Source> => {
  const data = layout(path);
  const key = (readJson(data.secrets) as Record<string, string> | undefined)?.[
    `${SECRETS_PREFIX}/${AUDIT_SECRET}`
  ];
  if (key === undefined || !existsSync(data.database))
    throw new Error(`${data.root} is no data directory with an audit log.`);
  const store = await openLocalStore(data);
  const sdk = new DynamoDBClient({ endpoint: store.url, ...LOCAL_ACCESS });
  return {
    client: reading(sdk),
    table: 'Audit',
    key,
    close: async () => {
      sdk.destroy();
      await store.stop();
    },
  };
};
