/** Tables of a test's own beside the ones that `startDynamo` makes, so that tests share a process but no items. */
import { randomUUID } from 'node:crypto';
import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { tableInput } from '../../local/dynamodb/create-tables.ts';
import { TABLES, type TableName } from '../../shared/config/tables.ts';

/** The name of a new, empty table with the keys and indexes of `table`. */
export const makeTable = async (client: DynamoDBClient, table: TableName): Promise<string> => {
  const name = `${table}-${randomUUID()}`;
  await client.send(new CreateTableCommand(tableInput(name, TABLES[table])));
  return name;
};
