/** A DynamoDB table from its definition: encrypted, on demand, restorable to any point in time. */
import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { IndexDefinition, TableDefinition } from '../../shared/config/tables.ts';
import type { StageOptions } from '../stage.ts';

const projection = ({ projected }: IndexDefinition) =>
  projected === undefined
    ? { projectionType: ProjectionType.ALL }
    : { projectionType: ProjectionType.INCLUDE, nonKeyAttributes: [...projected] };

export const houseTable = (
  scope: Construct,
  name: string,
  definition: TableDefinition,
  options: { stage: StageOptions; stream?: boolean },
): Table => {
  const { stage } = options;
  const attribute = (key: string) => ({
    name: key,
    type: definition.numbers?.includes(key) === true ? AttributeType.NUMBER : AttributeType.STRING,
  });
  const keys = (key: { partition: string; sort?: string }) => ({
    partitionKey: attribute(key.partition),
    ...(key.sort === undefined ? {} : { sortKey: attribute(key.sort) }),
  });
  const table = new Table(scope, name, {
    tableName: `atp-${stage.name}-${name.toLowerCase()}`,
    ...keys(definition),
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.AWS_MANAGED,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: stage.keepData,
    removalPolicy: stage.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    ...(definition.ttl === undefined ? {} : { timeToLiveAttribute: definition.ttl }),
    ...(options.stream === true ? { stream: StreamViewType.NEW_IMAGE } : {}),
  });
  for (const [indexName, index] of Object.entries(definition.indexes ?? {})) {
    table.addGlobalSecondaryIndex({ indexName, ...keys(index), ...projection(index) });
  }
  return table;
};
