/** The app deployed into an emulator, as the end-to-end suites see it. */
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { TABLES, type TableName } from '../../../shared/config/tables.ts';
import { deployInto } from './deploy.ts';
import { readFunctionLogs } from './function-logs.ts';
import { CREDENTIALS, type Emulator, startEmulator } from './ministack.ts';

export interface EmulatorTarget {
  url: string;
  wsUrl: string;
  adminKey: string;
  endpoint: string;
  streams: boolean;
  /** The names of the deployed tables. */
  tables: Readonly<Record<TableName, string>>;
  /** All items of all tables, what the functions logged, and the emulator's own log. */
  readEverythingStored(): Promise<string>;
  stop(): Promise<void>;
}

/** Resolves when the deployed gateway can be called. */
export const openEmulatorTarget = async (): Promise<EmulatorTarget> => {
  const emulator = await startEmulator();
  try {
    return await deployTarget(emulator);
  } catch (error) {
    await emulator.stop();
    throw error;
  }
};

const deployTarget = async (emulator: Emulator): Promise<EmulatorTarget> => {
  const { stage, url, wsUrl, adminKeySecret } = await deployInto(emulator);
  const client = {
    endpoint: emulator.endpoint,
    region: CREDENTIALS.AWS_REGION,
    credentials: {
      accessKeyId: CREDENTIALS.AWS_ACCESS_KEY_ID,
      secretAccessKey: CREDENTIALS.AWS_SECRET_ACCESS_KEY,
    },
  };
  const secrets = new SecretsManagerClient(client);
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: adminKeySecret }));
  secrets.destroy();
  const dynamo = new DynamoDBClient(client);
  const tables = Object.fromEntries(
    Object.keys(TABLES).map((name) => [name, `atp-${stage}-${name.toLowerCase()}`]),
  ) as Record<TableName, string>;

  return {
    url,
    wsUrl,
    adminKey: `atp_${stage}_admin_${SecretString}`,
    endpoint: emulator.endpoint,
    tables,
    streams: false,
    readEverythingStored: async () => {
      const items = await Promise.all(Object.values(tables).map((table) => scan(dynamo, table)));
      return [...items, await readFunctionLogs(emulator.endpoint), emulator.log()].join('\n');
    },
    stop: async () => {
      dynamo.destroy();
      await emulator.stop();
    },
  };
};

const scan = async (client: DynamoDBClient, TableName: string): Promise<string> => {
  const pages: string[] = [];
  for await (const { Items } of paginateScan({ client }, { TableName })) pages.push(JSON.stringify(Items));
  return pages.join('\n');
};
