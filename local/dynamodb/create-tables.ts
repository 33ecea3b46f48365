/** Makes the tables that are missing, as the CDK app would. */
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  type KeySchemaElement,
  type Projection,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import {
  type IndexDefinition,
  type KeySchema,
  TABLES,
  type TableDefinition,
} from '../../shared/config/tables.ts';

const keySchema = (key: KeySchema): KeySchemaElement[] => [
  { AttributeName: key.partition, KeyType: 'HASH' },
  ...(key.sort === undefined ? [] : [{ AttributeName: key.sort, KeyType: 'RANGE' as const }]),
];

const projection = ({ projected }: IndexDefinition): Projection =>
  projected === undefined
    ? { ProjectionType: 'ALL' }
    : { ProjectionType: 'INCLUDE', NonKeyAttributes: [...projected] };

export const tableInput = (name: string, table: TableDefinition): CreateTableCommandInput => {
  const indexes: [string, IndexDefinition][] = Object.entries(table.indexes ?? {});
  const keys = [table, ...indexes.map(([, index]) => index)];
  const attributes = new Set(
    keys.flatMap((key) => (key.sort === undefined ? [key.partition] : [key.partition, key.sort])),
  );
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: keySchema(table),
    AttributeDefinitions: [...attributes].map((attribute) => ({
      AttributeName: attribute,
      AttributeType: table.numbers?.includes(attribute) === true ? 'N' : 'S',
    })),
    ...(indexes.length === 0
      ? {}
      : {
          GlobalSecondaryIndexes: indexes.map(([indexName, index]) => ({
            IndexName: indexName,
            KeySchema: keySchema(index),
            Projection: projection(index),
          })),
        }),
  };
};

export const createTables = async (client: DynamoDBClient): Promise<void> => {
  for (const [name, table] of Object.entries(TABLES) as [string, TableDefinition][]) {
    try {
      await client.send(new CreateTableCommand(tableInput(name, table)));
    } catch (error) {
      if (error instanceof ResourceInUseException) continue;
      throw error;
    }
    if (table.ttl === undefined) continue;
    const ttl = { AttributeName: table.ttl, Enabled: true };
    await client.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification: ttl }));
  }
};
