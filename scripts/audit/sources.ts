/** Where an audit log lies: a local runtime's data directory, whether it runs or not, or a stage on AWS. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { readJson } from '../../local/data-dir/files.ts';
import { layout } from '../../local/data-dir/layout.ts';
import { acquireLock } from '../../local/data-dir/lock.ts';
import { engineSpec, findEngine, untilAnswering } from '../../local/dynamodb/engine.ts';
import { SECRETS_PREFIX } from '../../local/environment.ts';
import { freePort } from '../../local/free-port.ts';
import type { DynamoClient } from '../../shared/adapters/dynamodb/wire.ts';
import { AUDIT_SECRET } from '../../shared/services/audit/audit-key.ts';

export interface Source {
  client: DynamoClient;
  table: string;
  /** The value of the secret that signs. */
  key: string;
  close(): Promise<void>;
}

const ROOT = join(import.meta.dirname, '..', '..');
const PATIENCE_MS = 20_000;

/** The SDK's client, since the person's credentials may come from anywhere. It can read, and nothing else. */
const reading = (sdk: DynamoDBClient): DynamoClient => ({
  call: (async (operation: string, input: never) => {
    if (operation === 'GetItem') return sdk.send(new GetItemCommand(input));
    if (operation === 'Query') return sdk.send(new QueryCommand(input));
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
  const lock = acquireLock(data.lock);
  const store = lock === undefined ? runningStore(data.store) : await startStore(data.database);
  const sdk = new DynamoDBClient({
    endpoint: store.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return {
    client: reading(sdk),
    table: 'Audit',
    key,
    close: async () => {
      sdk.destroy();
      await store.stop();
      lock?.release();
    },
  };
};

interface Store {
  url: string;
  stop(): Promise<void>;
}

const runningStore = (path: string): Store => {
  const url = (readJson(path) as { dynamodb?: unknown } | undefined)?.dynamodb;
  if (typeof url !== 'string') throw new Error('The runtime is just starting: try again in a moment.');
  return { url, stop: async () => undefined };
};

/** The runtime's own store, on its data, for as long as this takes. */
const startStore = async (database: string): Promise<Store> => {
  const port = await freePort();
  const { command, args, env } = engineSpec(findEngine(ROOT, process.env.DYNOXIDE_PATH), port, database);
  const child = spawn(command, args, { env, stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  await untilAnswering(url, PATIENCE_MS);
  return {
    url,
    stop: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
};
