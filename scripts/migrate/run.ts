/** `npm run migrate`: arguments in, lines out. */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { DynamoDBClient, GetItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { layout } from '../../local/data-dir/layout.ts';
import type { DynamoClient } from '../../shared/adapters/dynamodb/wire.ts';
import type { TableName } from '../../shared/config/tables.ts';
import { LOCAL_ACCESS, openLocalStore } from '../store/local-store.ts';
import type { Migration } from './migration.ts';
import { MIGRATIONS } from './migrations.ts';
import { MigrationRunner } from './runner.ts';

export const HELP = `npm run migrate -- [--stage dev|staging|prod | --data DIR] [--trial] [--contract] [--list]

Brings what tables hold into the form that this release writes, while the gateway runs. It may be stopped and begun again.
  --stage      a stage on AWS, with the credentials of your environment
  --data       a local runtime's data, whether it runs or not (.atp)
  --trial      counts what it would change, and changes nothing
  --contract   also takes old forms away: no release may be left that needs them
  --list       what is done, under way and to be done
`;

interface Target {
  client: DynamoClient;
  tableOf: (name: TableName) => string;
  close(): Promise<void>;
}

/** The SDK's client, since the person's credentials may come from anywhere. */
const clientOf = (sdk: DynamoDBClient): DynamoClient => ({
  call: (async (operation: string, input: never) => {
    if (operation === 'GetItem') return sdk.send(new GetItemCommand(input));
    if (operation === 'PutItem') return sdk.send(new PutItemCommand(input));
    if (operation === 'Scan') return sdk.send(new ScanCommand(input));
    throw new Error(`${operation} is no part of a migration`);
  }) as DynamoClient['call'],
});

const onAws = (stage: string): Target => {
  const sdk = new DynamoDBClient({});
  return {
    client: clientOf(sdk),
    tableOf: (name) => `atp-${stage}-${name.toLowerCase()}`,
    close: async () => sdk.destroy(),
  };
};

const atHome = async (directory: string): Promise<Target> => {
  const data = layout(directory);
  if (!existsSync(data.database)) throw new Error(`${data.root} is no data directory.`);
  const store = await openLocalStore(data);
  const sdk = new DynamoDBClient({ endpoint: store.url, ...LOCAL_ACCESS });
  return {
    client: clientOf(sdk),
    tableOf: (name) => name,
    close: async () => {
      sdk.destroy();
      await store.stop();
    },
  };
};

const optionsOf = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    options: {
      stage: { type: 'string' },
      data: { type: 'string' },
      trial: { type: 'boolean', default: false },
      contract: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  }).values;

export const run = async (
  args: readonly string[],
  say: (line: string) => void,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> => {
  const { stage, data = '.atp', trial: isTrial, contract, list, help } = optionsOf(args);
  if (help) return say(HELP.trimEnd());
  if (stage !== undefined && !/^(dev|staging|prod)$/.test(stage))
    throw new Error('--stage must be one of dev, staging, prod');
  const target = stage === undefined ? await atHome(data) : onAws(stage);
  try {
    const runner = new MigrationRunner({ ...target, now: Date.now });
    for (const migration of migrations) {
      const { id, what, phase } = migration;
      if (list) {
        const { status = 'to be done', changed = 0 } = (await runner.checkpoint(migration)) ?? {};
        say(`${id}: ${status}, ${changed} changed (${phase}: ${what})`);
      } else if (phase === 'migrate' || contract) {
        const { outcome, checkpoint } = await runner.run(migration, { isTrial });
        say(`${id}: ${outcome}, ${checkpoint.changed} of ${checkpoint.scanned} items`);
      }
    }
  } finally {
    await target.close();
  }
};
